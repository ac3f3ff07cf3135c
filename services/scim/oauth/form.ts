import type { Request } from "express";
import { readBytes } from "../read-bytes";
import { TokenRefusal } from "./refusal";

const bytesMax = 32_768;

/**
 * The parameters of a token request (RFC 6749 §3.2): a form in the body, each parameter once, empty ones left out.
 * @throws TokenRefusal `invalid_request`.
 */
export async function readForm(request: Request): Promise<ReadonlyMap<string, string>> {
  const type = (request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/x-www-form-urlencoded") {
    throw new TokenRefusal("invalid_request", "send the parameters as application/x-www-form-urlencoded in the body");
  }
  const form = new Map<string, string>();
  for (const [name, value] of new URLSearchParams((await readBytes(request, bytesMax)).toString("utf8"))) {
    if (form.has(name)) throw new TokenRefusal("invalid_request", "a parameter was given twice");
    form.set(name, value);
  }
  for (const [name, value] of form) if (value === "") form.delete(name);
  return form;
}
