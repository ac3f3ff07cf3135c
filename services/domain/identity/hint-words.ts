import type { Hint, HintCode, IdpErrorCode } from "./saml-hints";

type Words = Readonly<Record<"fr" | "en", string>>;

// {name} stands for a fact of the hint.
const words: Readonly<Record<HintCode, Words>> = {
  audience_slash: {
    fr: "L'audience ne diffère que par une barre oblique finale. Inscrivez exactement {expected} comme « Entity ID » ou « Audience » chez votre fournisseur d'identité (reçu : {received}).",
    en: "The audience differs by a trailing slash only. Enter exactly {expected} as “Entity ID” or “Audience” at your identity provider (received: {received}).",
  },
  audience_case: {
    fr: "L'audience ne diffère que par les majuscules. Inscrivez exactement {expected} (reçu : {received}).",
    en: "The audience differs in upper and lower case only. Enter exactly {expected} (received: {received}).",
  },
  audience_scheme: {
    fr: "L'audience ne diffère que par http ou https. Inscrivez exactement {expected} (reçu : {received}).",
    en: "The audience differs by http or https only. Enter exactly {expected} (received: {received}).",
  },
  audience_other: {
    fr: "La réponse est destinée à une autre application ({received}). Inscrivez {expected} comme audience, ou choisissez la bonne application chez votre fournisseur d'identité.",
    en: "The response is meant for another application ({received}). Enter {expected} as audience, or pick the right application at your identity provider.",
  },
  audience_absent: {
    fr: "La réponse ne nomme aucune audience. Activez la restriction d'audience avec la valeur {expected}.",
    en: "The response names no audience. Switch the audience restriction on, with the value {expected}.",
  },
  recipient_wrong: {
    fr: "Le destinataire de la réponse est {received}. Inscrivez {expected} comme adresse ACS (« Reply URL », « Single sign-on URL », « Recipient »).",
    en: "The recipient of the response is {received}. Enter {expected} as ACS address (“Reply URL”, “Single sign-on URL”, “Recipient”).",
  },
  destination_wrong: {
    fr: "La réponse est adressée à {received}. Inscrivez {expected} comme adresse ACS chez votre fournisseur d'identité.",
    en: "The response is addressed to {received}. Enter {expected} as ACS address at your identity provider.",
  },
  destination_absent: {
    fr: "La réponse signée ne nomme pas sa destination. Activez l'attribut Destination avec {expected}, ou autorisez son absence dans les réglages de la connexion.",
    en: "The signed response names no destination. Switch the Destination attribute on, with {expected}, or allow its absence in the settings of the connection.",
  },
  certificate_unknown: {
    fr: "La signature ne correspond à aucun certificat enregistré. La réponse montre le certificat {subject}, valable jusqu'au {validTo}, empreinte SHA-256 {sha256}. S'il est bien celui de votre fournisseur d'identité, ajoutez-le comme deuxième certificat.",
    en: "The signature fits no certificate on file. The response shows the certificate {subject}, valid until {validTo}, SHA-256 {sha256}. If it really is your identity provider's, add it as second certificate.",
  },
  certificate_expired: {
    fr: "Tous les certificats enregistrés ont expiré. Importez les métadonnées actuelles de votre fournisseur d'identité.",
    en: "Every certificate on file has expired. Import your identity provider's current metadata.",
  },
  certificate_weak: {
    fr: "La clé du certificat est trop courte. Créez chez votre fournisseur d'identité un certificat RSA de 2048 bits ou plus.",
    en: "The key of the certificate is too short. Make a certificate with an RSA key of 2048 bits or more at your identity provider.",
  },
  sha1: {
    fr: "La réponse est signée avec SHA-1 ({received}). Choisissez SHA-256 chez votre fournisseur d'identité.",
    en: "The response is signed with SHA-1 ({received}). Choose SHA-256 at your identity provider.",
  },
  inclusive_c14n: {
    fr: "La signature utilise une canonicalisation que cette connexion n'admet pas ({received}). Choisissez la canonicalisation exclusive, ou autorisez l'inclusive dans les réglages.",
    en: "The signature uses a canonicalisation that this connection does not take ({received}). Choose exclusive canonicalisation, or allow the inclusive one in the settings.",
  },
  sign_assertion: {
    fr: "Cette connexion exige une assertion signée, mais seule la réponse l'est. Activez « Sign assertion » chez votre fournisseur d'identité.",
    en: "This connection demands a signed assertion, but only the response is signed. Switch “Sign assertion” on at your identity provider.",
  },
  sign_response: {
    fr: "Cette connexion exige une réponse signée, mais seule l'assertion l'est. Activez « Sign response » (« Signed response ») chez votre fournisseur d'identité.",
    en: "This connection demands a signed response, but only the assertion is signed. Switch “Sign response” (“Signed response”) on at your identity provider.",
  },
  sign_either: {
    fr: "Rien n'est signé. Activez la signature de l'assertion ou de la réponse chez votre fournisseur d'identité.",
    en: "Nothing is signed. Switch signing of the assertion or of the response on at your identity provider.",
  },
  encryption_no_key: {
    fr: "L'assertion est chiffrée, mais cette connexion n'a pas de clé de déchiffrement. Désactivez le chiffrement, ou créez une clé ici et importez nos métadonnées à nouveau.",
    en: "The assertion is encrypted, but this connection has no key to open it. Switch encryption off, or make a key here and import our metadata again.",
  },
  encryption_wrong_key: {
    fr: "L'assertion est chiffrée pour une autre clé. Importez à nouveau nos métadonnées chez votre fournisseur d'identité.",
    en: "The assertion is encrypted for another key. Import our metadata again at your identity provider.",
  },
  encryption_weak: {
    fr: "L'algorithme de chiffrement {received} n'est pas admis. Choisissez AES-GCM avec RSA-OAEP, ou signez la réponse entière.",
    en: "The encryption algorithm {received} is not taken. Choose AES-GCM with RSA-OAEP, or sign the whole response.",
  },
  clock_ahead: {
    fr: "L'horloge de votre fournisseur d'identité avance d'environ {seconds} s. Synchronisez-la, ou augmentez la tolérance de la connexion.",
    en: "Your identity provider's clock is about {seconds} s ahead. Synchronise it, or raise the skew of the connection.",
  },
  clock_behind: {
    fr: "L'horloge de votre fournisseur d'identité retarde d'environ {seconds} s, ou la réponse a mis trop de temps. Synchronisez l'horloge, ou augmentez la tolérance de la connexion.",
    en: "Your identity provider's clock is about {seconds} s behind, or the response took too long. Synchronise the clock, or raise the skew of the connection.",
  },
  name_id_absent: {
    fr: "L'assertion ne contient pas de NameID. Ajoutez-en un, de préférence persistant.",
    en: "The assertion holds no NameID. Add one, preferably a persistent one.",
  },
  name_id_transient: {
    fr: "Le NameID est transitoire : il change à chaque connexion. Choisissez le format persistant, ou nommez ici un attribut qui identifie durablement.",
    en: "The NameID is transient: it changes with every sign-in. Choose the persistent format, or name an attribute here that identifies people for good.",
  },
  name_id_format: {
    fr: "L'attribut choisi pour identifier les personnes est absent de l'assertion.",
    en: "The attribute chosen to identify people is missing from the assertion.",
  },
  email_absent: {
    fr: "Aucune adresse e-mail trouvée. Attributs reçus : {received}. L'attribut probable : {likely}.",
    en: "No e-mail address found. Attributes received: {received}. The likely one: {likely}.",
  },
  status_authn_context: {
    fr: "Votre fournisseur d'identité n'a pas pu satisfaire la méthode d'authentification demandée ({received}).",
    en: "Your identity provider could not satisfy the way of authentication that was asked for ({received}).",
  },
  status_name_id_policy: {
    fr: "Votre fournisseur d'identité n'accepte pas le format de NameID demandé. Laissez-le vide dans les réglages de la connexion.",
    en: "Your identity provider does not take the NameID format that was asked for. Leave it empty in the settings of the connection.",
  },
  status_denied: {
    fr: "Votre fournisseur d'identité a refusé : cette personne n'est peut-être pas affectée à l'application.",
    en: "Your identity provider said no: perhaps this person is not assigned to the application.",
  },
  status_responder: {
    fr: "Votre fournisseur d'identité signale une erreur de son côté ({received}). Consultez son journal.",
    en: "Your identity provider reports an error on its side ({received}). Look into its log.",
  },
  status_requester: {
    fr: "Votre fournisseur d'identité n'a pas compris la demande ({received}). Vérifiez l'Entity ID et l'adresse ACS qui y sont inscrits.",
    en: "Your identity provider did not understand the request ({received}). Check the Entity ID and the ACS address entered there.",
  },
  unsolicited: {
    fr: "La réponse ne répond à aucune demande : la connexion a été lancée depuis le portail du fournisseur d'identité. Autorisez ce mode dans les réglages, ou commencez ici.",
    en: "The response answers no request: the sign-in was started at the identity provider's portal. Allow that in the settings, or begin here.",
  },
  replayed: {
    fr: "Cette réponse a déjà servi, par exemple par le bouton « Précédent ». Recommencez la connexion.",
    en: "This response was used before, for example by the back button. Begin the sign-in again.",
  },
  domain_not_verified: {
    fr: "Le domaine de l'adresse n'est pas vérifié pour votre organisation. Ajoutez-le et prouvez-le par DNS.",
    en: "The domain of the address is not verified for your organization. Add it and prove it by DNS.",
  },
  seats_full: {
    fr: "Toutes les places sont prises. Libérez-en une ou ajoutez-en.",
    en: "Every seat is taken. Free one or add more.",
  },
  member_deactivated: {
    fr: "Ce membre est désactivé ou a été retiré, par exemple par SCIM. Réactivez-le chez votre fournisseur d'identité.",
    en: "This member is deactivated or was removed, by SCIM for example. Reactivate them at your identity provider.",
  },
  member_unknown: {
    fr: "Cette personne n'est pas membre, et cette connexion n'en crée pas. Invitez-la, provisionnez-la par SCIM, ou changez le mode de provisionnement.",
    en: "This person is no member, and this connection makes none. Invite them, provision them by SCIM, or change the provisioning mode.",
  },
  provisioning_off: {
    fr: "Le provisionnement est désactivé pour cette connexion.",
    en: "Provisioning is switched off for this connection.",
  },
  issuer_changed: {
    fr: "L'émetteur a changé : {received} au lieu de {expected}. Importez les métadonnées actuelles si c'est voulu.",
    en: "The issuer has changed: {received} instead of {expected}. Import the current metadata if that is intended.",
  },
  group_overage: {
    fr: "Entra n'envoie plus la liste des groupes, car il y en a trop. Limitez-la aux groupes affectés à l'application.",
    en: "Entra no longer sends the list of groups because there are too many. Limit it to groups assigned to the application.",
  },
};

const idpErrors: Readonly<Record<IdpErrorCode, Words>> = {
  aadsts700016: {
    fr: "L'identifiant (Entity ID) inscrit dans Entra n'est pas celui de cette connexion.",
    en: "The identifier (Entity ID) entered in Entra is not the one of this connection.",
  },
  aadsts50011: {
    fr: "L'URL de réponse inscrite dans Entra n'est pas notre adresse ACS.",
    en: "The reply URL entered in Entra is not our ACS address.",
  },
  aadsts75011: {
    fr: "Entra a reçu une méthode d'authentification imposée qui ne convient pas. Plenum n'en impose aucune : cherchez un intermédiaire.",
    en: "Entra was asked for a way of authentication that does not fit. Plenum asks for none: look for something in between.",
  },
  aadsts50105: {
    fr: "La personne n'est pas affectée à l'application dans Entra.",
    en: "The person is not assigned to the application in Entra.",
  },
  aadsts650056: {
    fr: "L'application est mal enregistrée dans Entra : vérifiez l'identifiant et le consentement.",
    en: "The application is registered wrongly in Entra: check the identifier and the consent.",
  },
  google_not_configured: {
    fr: "L'Entity ID inscrit chez Google n'est pas celui de cette connexion.",
    en: "The Entity ID entered at Google is not the one of this connection.",
  },
  google_not_enabled: {
    fr: "L'application n'est pas activée pour cette personne chez Google.",
    en: "The application is not switched on for this person at Google.",
  },
  google_app_unknown: {
    fr: "L'application n'existe pas, ou plus, chez Google.",
    en: "The application does not exist, or no longer exists, at Google.",
  },
};

/** A hint as a sentence in the reader's language. */
export function hintText(locale: "fr" | "en", { code, facts }: Hint): string {
  return words[code][locale].replace(/\{(\w+)\}/g, (_, name: string) => facts[name] ?? "–");
}

/** An identity provider's own error, explained. */
export function idpErrorText(locale: "fr" | "en", code: IdpErrorCode): string {
  return idpErrors[code][locale];
}
