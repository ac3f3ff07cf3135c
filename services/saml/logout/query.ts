import { createVerify, constants } from "node:crypto";
import { inflateRawSync } from "node:zlib";
import { signatureAlgorithms } from "../algorithms";
import type { Refusal } from "../codes";
import { strictBase64, strictUtf8 } from "../decode";
import type { Trust } from "../trust";
import { publicKeyOf, usableCertificates } from "../trusted-keys";

/** What an inflated message may measure at most; a bomb of 64 KiB would otherwise fill 64 MiB (SAML-92, SAML-A46). */
export const inflatedBytesMax = 64 * 1024;

/** A message of the HTTP-Redirect binding whose signature holds over its very octets. */
export interface RedirectMessage {
  readonly kind: "SAMLRequest" | "SAMLResponse";
  readonly xml: string;
  readonly relayState: string | null;
}

type Query = ReadonlyMap<string, { readonly raw: string; readonly value: string }>;

const ours = ["SAMLRequest", "SAMLResponse", "RelayState", "SigAlg", "Signature", "SAMLEncoding"] as const;

/**
 * Reads a signed redirect message from the raw query string (saml-bindings-2.0-os §3.4.4.1). The signature covers the
 * octets as they were sent, so nothing may be decoded and spelled again, and no second spelling of a parameter may
 * exist: `%53AMLRequest` beside `SAMLResponse` made other verifiers check one message and read another (SAML-A71).
 * The message is inflated after its signature was verified, and parsed by nobody here.
 */
export function readSignedQuery(
  rawQuery: string,
  trust: Trust,
  now: Date,
): { readonly refusal: Refusal } | { readonly refusal?: undefined; readonly message: RedirectMessage } {
  const query = readQuery(rawQuery);
  if (!query) return { refusal: { code: "query_ambiguous" } };
  const kinds = (["SAMLRequest", "SAMLResponse"] as const).filter((kind) => query.has(kind));
  const [kind] = kinds;
  if (!kind) return { refusal: { code: "response_missing" } };
  const encoding = query.get("SAMLEncoding")?.value;
  const deflate = "urn:oasis:names:tc:SAML:2.0:bindings:URL-Encoding:DEFLATE";
  if (kinds.length > 1 || (encoding !== undefined && encoding !== deflate))
    return { refusal: { code: "query_ambiguous" } };
  const refusal = signatureRefusal(query, kind, trust, now);
  if (refusal) return { refusal };

  const compressed = strictBase64(query.get(kind)?.value ?? "");
  if (!compressed) return { refusal: { code: "base64_invalid" } };
  const octets = inflate(compressed);
  if (!octets) return { refusal: { code: "inflate_failed" } };
  const xml = strictUtf8(octets);
  if (xml === undefined) return { refusal: { code: "utf8_invalid" } };
  return { message: { kind, xml, relayState: query.get("RelayState")?.value ?? null } };
}

// Each name once, spelled literally; a name that only becomes one of ours by decoding is refused.
function readQuery(rawQuery: string): Query | undefined {
  const found = new Map<string, { raw: string; value: string }>();
  for (const pair of rawQuery.split("&").filter((part) => part !== "")) {
    const cut = pair.indexOf("=");
    const rawName = cut < 0 ? pair : pair.slice(0, cut);
    const raw = cut < 0 ? "" : pair.slice(cut + 1);
    const name = decode(rawName);
    const value = decode(raw);
    if (name === undefined || value === undefined) return undefined;
    const isOurs = ours.some((known) => known.toLowerCase() === name.toLowerCase());
    if (isOurs && (name !== rawName || !ours.some((known) => known === name) || found.has(name))) return undefined;
    if (isOurs) found.set(name, { raw, value });
  }
  return found;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

function signatureRefusal(query: Query, kind: string, trust: Trust, now: Date): Refusal | undefined {
  const signature = query.get("Signature");
  const sigAlg = query.get("SigAlg");
  if (!signature || !sigAlg) return { code: "signature_missing" };
  const algorithm = signatureAlgorithms.get(sigAlg.value);
  if (!algorithm) return { code: "signature_algorithm", received: sigAlg.value.slice(0, 200) };
  const octets = strictBase64(signature.value);
  if (!octets) return { code: "signature_invalid" };
  const usable = usableCertificates(trust, now, undefined);
  if (usable.refusal) return usable.refusal;
  const signed = [kind, "RelayState", "SigAlg"].flatMap((name) => {
    const parameter = query.get(name);
    return parameter ? [`${name}=${parameter.raw}`] : [];
  });
  const padding = algorithm.pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const holds = usable.certificates.some((certificate) => {
    const key = publicKeyOf(certificate);
    return key && createVerify(algorithm.hash).update(signed.join("&")).verify({ key, padding }, octets);
  });
  return holds ? undefined : { code: "signature_invalid" };
}

function inflate(octets: Buffer): Buffer | undefined {
  try {
    return inflateRawSync(octets, { maxOutputLength: inflatedBytesMax });
  } catch {
    return undefined;
  }
}
