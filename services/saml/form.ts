import type { SamlCode } from "./codes";

/** The whole body of a form post (SAML-24). */
export const bodyBytesMax = 384 * 1024;
const relayStateBytesMax = 80;

export type SamlForm =
  /** RelayState is null where none came, and empty where one came that nobody of us can have sent. */
  | { readonly ok: true; readonly message: string; readonly relayState: string | null }
  | { readonly ok: false; readonly code: SamlCode };

/**
 * The one message field of a posted form. Parsed here and not by a body parser: those make arrays and objects of
 * repeated and bracketed names, and a second `SAMLResponse` is nobody's honest mistake (SAML-A36).
 */
export function readForm(body: unknown, name: "SAMLResponse" | "SAMLRequest"): SamlForm {
  if (typeof body !== "string") return { ok: false, code: "form_invalid" };
  const fields = new URLSearchParams(body);
  const messages = fields.getAll(name);
  const [message] = messages;
  if (message === undefined || message === "") return { ok: false, code: "response_missing" };
  if (messages.length > 1) return { ok: false, code: "response_repeated" };
  const states = fields.getAll("RelayState");
  // saml-bindings-2.0-os §3.5.3 allows 80 bytes; what is longer is not ours, and what is not ours is never used.
  const state = states.length === 1 ? (states[0] ?? "") : "";
  const relayState = states.length === 0 || state === "" ? null : state;
  const tooLong = relayState !== null && Buffer.byteLength(relayState) > relayStateBytesMax;
  return { ok: true, message, relayState: tooLong || states.length > 1 ? "" : relayState };
}
