import type { Request, Response } from "express";
import {
  explainIdpError,
  guessProfile,
  idpErrorText,
  mappingProfileNames,
  showConnection,
  type ConnectionDetails,
  type MappingProfileName,
} from "../domain/identity";
import { html, localeOf, sendPage, type Markup, type PageLocale } from "../platform/page";
import { administrator } from "./administrator";
import type { Snapshot } from "./connections";
import type { SamlContext } from "./context";
import { copyScript } from "./copy-script";
import { setupGuides, setupValue } from "./setup-guides";

const words = {
  fr: {
    title: "Relier votre fournisseur d'identité",
    exact:
      "Recopiez chaque valeur telle quelle : une barre oblique, une majuscule ou « http » au lieu de « https » suffit à faire échouer toutes les connexions.",
    copy: "Copier",
    copied: "Copié",
    provider: "Votre fournisseur d'identité",
    values: "À inscrire chez lui",
    steps: "Marche à suivre",
    all: "Toutes les valeurs",
    entityId: "Entity ID (audience)",
    acsUrl: "Adresse ACS (réponses)",
    sloUrl: "Adresse de déconnexion (SLO)",
    loginUrl: "Adresse de connexion",
    metadataUrl: "Métadonnées",
    certificate: "Certificat de signature",
    encryption: "Certificat de chiffrement",
    until: "valable jusqu'au",
    theirs: "Ses certificats",
    none: "Aucun : importez ses métadonnées.",
    status: { LIVE: "en service", PENDING: "en attente", RETIRED: "retiré", COMPROMISED: "compromis" },
    test: "Essayer la connexion",
    errorTitle: "Il affiche une erreur ?",
    error: "Collez le texte ou le code affiché par votre fournisseur d'identité",
    explain: "Expliquer",
    unexplained: "Ce texte ne contient aucun code que nous connaissons. Essayez la connexion : le rapport en dit plus.",
  },
  en: {
    title: "Connect your identity provider",
    exact:
      "Copy every value exactly as it stands: one slash, one capital letter, or “http” for “https” is enough to make every sign-in fail.",
    copy: "Copy",
    copied: "Copied",
    provider: "Your identity provider",
    values: "To be entered there",
    steps: "Step by step",
    all: "All values",
    entityId: "Entity ID (audience)",
    acsUrl: "ACS address (responses)",
    sloUrl: "Logout address (SLO)",
    loginUrl: "Sign-in address",
    metadataUrl: "Metadata",
    certificate: "Signing certificate",
    encryption: "Encryption certificate",
    until: "valid until",
    theirs: "Its certificates",
    none: "None: import its metadata.",
    status: { LIVE: "in use", PENDING: "waiting", RETIRED: "retired", COMPROMISED: "compromised" },
    test: "Try the connection",
    errorTitle: "Does it show an error?",
    error: "Paste the text or the code that your identity provider shows",
    explain: "Explain",
    unexplained: "This text holds no code that we know. Try the connection: the report says more.",
  },
} as const;
const pastedMax = 2_000;

/** `GET /saml/{connection}/setup`: every value that an identity provider needs, to be copied, under its own labels. */
export async function showSetup(context: SamlContext, req: Request, res: Response, snapshot: Snapshot): Promise<void> {
  const { id } = snapshot.connection;
  const details = await context.db.run(administrator(context, req, res), (tx) => showConnection(tx, { id }));
  const locale = localeOf(req.get("accept-language"));
  const w = words[locale];
  const chosen = mappingProfileNames.find((name) => name === req.query["idp"]);
  const idp = chosen ?? guessProfile(details.connection.idpEntityId);
  const body = html`<p><strong>${details.connection.name}</strong></p>
    <p role="note">${w.exact}</p>
    ${guide(locale, details, idp)}
    <h2>${w.all}</h2>
    ${allValues(locale, details)}
    <h2>${w.theirs}</h2>
    ${theirs(locale, details)}
    <p><a class="button" href="test">${w.test}</a></p>
    <h2>${w.errorTitle}</h2>
    ${explanation(locale, req.query["error"])}
    <form method="get" action="setup">
      <label for="error">${w.error}</label>
      <input id="error" name="error" maxlength="${pastedMax}" required /><button class="quiet">${w.explain}</button>
    </form>`;
  sendPage(res, 200, { locale, title: w.title, body, script: copyScript, wide: true });
}

function guide(locale: PageLocale, details: ConnectionDetails, idp: MappingProfileName | undefined): Markup {
  const w = words[locale];
  const links = mappingProfileNames.map((name) =>
    name === idp
      ? html`<a class="button" aria-current="true" href="?idp=${name}">${setupGuides[name].name}</a> `
      : html`<a class="button quiet" href="?idp=${name}">${setupGuides[name].name}</a> `,
  );
  const choice = html`<h2>${w.provider}</h2>
    <p>${links}</p>`;
  if (!idp) return choice;
  const { name, fields, steps } = setupGuides[idp];
  const rows = fields.map(([label, value]) => row(locale, label, setupValue(details, value)));
  return html`${choice}
    <h3>${name} · ${w.values}</h3>
    <dl>${rows}</dl>
    <h3>${w.steps}</h3>
    <ol>
      ${steps[locale].map((step) => html`<li>${step}</li>`)}
    </ol>`;
}

function allValues(locale: PageLocale, { urls, keys }: ConnectionDetails): Markup {
  const w = words[locale];
  const shown = keys.filter((key) => key.status === "ACTIVE" || key.status === "PUBLISHED");
  const certificates = shown.map((key) => {
    const label = key.use === "SIGNING" ? w.certificate : w.encryption;
    return row(locale, `${label}, ${w.until} ${day(key.validTo)}`, key.certificate);
  });
  return html`<dl>
    ${(["entityId", "acsUrl", "sloUrl", "loginUrl", "metadataUrl"] as const).map((name) => row(locale, w[name], urls[name]))}
    ${certificates}
  </dl>`;
}

function theirs(locale: PageLocale, { certificates }: ConnectionDetails): Markup {
  const w = words[locale];
  if (certificates.length === 0) return html`<p>${w.none}</p>`;
  const lines = certificates.map(
    ({ subject, status, validTo, sha256 }) =>
      html`<li>${subject}, ${w.status[status]}, ${w.until} ${day(validTo)}<br /><code>${sha256}</code></li>`,
  );
  return html`<ul>
    ${lines}
  </ul>`;
}

function row(locale: PageLocale, label: string, value: string | undefined): Markup {
  if (value === undefined) return html``;
  const { copy, copied } = words[locale];
  return html`<dt>${label}</dt>
    <dd class="copy">
      <code>${value}</code>
      <button type="button" class="quiet" data-copy="${value}" data-copied="${copied}" aria-label="${copy}: ${label}">
        ${copy}
      </button>
    </dd>`;
}

// An error that the identity provider shows on its own page never reaches us: somebody has to carry it over (SAML-97).
function explanation(locale: PageLocale, pasted: unknown): Markup {
  if (typeof pasted !== "string" || pasted === "") return html``;
  const code = explainIdpError(pasted.slice(0, pastedMax));
  return html`<p role="status"><strong>${code ? idpErrorText(locale, code) : words[locale].unexplained}</strong></p>`;
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
