import {
  acceptCertificate,
  addCertificate,
  addSpKey,
  compromiseCertificate,
  moveSpKey,
  retireCertificate,
  type SpKeyStatus,
  type SpKeyUse,
} from "../domain/identity";
import { parseId, publicId } from "../kernel/ids";
import { given, type Command, type CommandOption } from "./command";
import { operatorIn, orgOption } from "./organization";
import { connectionIn, connectionOption } from "./saml-connection";
import { readSmallFile } from "./small-file";

const bytesMax = 64 * 1024;
const certificateOption: CommandOption = {
  flags: "--certificate <id>",
  description: "the certificate, as `saml show` names it",
  required: true,
};

/** `plenum saml certificate add`: a second one beside the first, before the identity provider changes over (SAML-16). */
export const samlCertificateAdd: Command = {
  name: "saml certificate add",
  summary: "trust one more certificate of the identity provider",
  options: [
    orgOption,
    connectionOption,
    { flags: "--file <path>", description: "the certificate, PEM or base64", required: true },
  ],
  async run(context, options) {
    const { db, caller, id } = await connectionIn(context, options);
    const certificate = readSmallFile("file", given(options, "file"), bytesMax);
    const added = await db.run(caller, (tx) => addCertificate(tx, { connectionId: id, certificate }));
    const json = { id: publicId("idpCertificate", added.id), sha256: added.sha256, status: added.status };
    return { json, text: `trusted: ${added.subject} (${added.sha256})` };
  },
};

const changes = { accept: acceptCertificate, retire: retireCertificate } as const;

const changing = (verb: keyof typeof changes, summary: string): Command => ({
  name: `saml certificate ${verb}`,
  summary,
  options: [orgOption, certificateOption],
  async run(context, options) {
    const id = parseId("idpCertificate", given(options, "certificate"));
    const { db, caller } = await operatorIn(context, options);
    const { sha256, status } = await db.run(caller, (tx) => changes[verb](tx, { id }));
    return { json: { id: publicId("idpCertificate", id), sha256, status }, text: `${sha256}: ${status}` };
  },
});

/** `plenum saml certificate accept`. */
export const samlCertificateAccept = changing("accept", "trust a certificate that metadata announced");
/** `plenum saml certificate retire`. */
export const samlCertificateRetire = changing("retire", "trust a certificate no longer; sessions go on");

/** `plenum saml certificate compromise`: the emergency stop of SAML-A94. */
export const samlCertificateCompromise: Command = {
  name: "saml certificate compromise",
  summary: "its key is in wrong hands: refuse it at once and end every session of its connection",
  options: [orgOption, certificateOption],
  async run(context, options) {
    const id = parseId("idpCertificate", given(options, "certificate"));
    const { db, caller } = await operatorIn(context, options);
    const json = await db.run(caller, (tx) => compromiseCertificate(tx, { id }));
    return { json, text: `refused from now on; ${json.sessionsEnded} sessions ended` };
  },
};

/** `plenum saml key add`: the first of its use is active at once, later ones wait for `saml key move` (SAML-15). */
export const samlKeyAdd: Command = {
  name: "saml key add",
  summary: "make a key of our own for a connection",
  options: [
    orgOption,
    connectionOption,
    { flags: "--use <use>", description: "what it is for", required: true, choices: ["signing", "encryption"] },
  ],
  async run(context, options) {
    const { db, caller, id } = await connectionIn(context, options);
    const use = given(options, "use").toUpperCase() as SpKeyUse;
    const made = await addSpKey(db, caller, { connectionId: id, use });
    const json = { id: publicId("spKey", made.id), use, status: made.status, certificate: made.certificate };
    return { json, text: `${json.id}: ${made.status}` };
  },
};

/** `plenum saml key move`: one step further, or back. */
export const samlKeyMove: Command = {
  name: "saml key move",
  summary: "take a key of ours from next to published, active, retired, or a step back",
  options: [
    orgOption,
    { flags: "--key <id>", description: "the key, as `saml show` names it", required: true },
    {
      flags: "--to <status>",
      description: "where it goes",
      required: true,
      choices: ["next", "published", "active", "retired"],
    },
  ],
  async run(context, options) {
    const id = parseId("spKey", given(options, "key"));
    const to = given(options, "to").toUpperCase() as SpKeyStatus;
    const { db, caller } = await operatorIn(context, options);
    const { use, status } = await db.run(caller, (tx) => moveSpKey(tx, { id, to }));
    return { json: { id: publicId("spKey", id), use, status }, text: `${given(options, "key")}: ${status}` };
  },
};
