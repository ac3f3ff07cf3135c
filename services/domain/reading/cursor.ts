import { createHmac, timingSafeEqual } from "node:crypto";
import { invalid } from "../../kernel/errors";
import { isUuid } from "../../kernel/ids";

const version = 1;
const macBytes = 16;

/**
 * Cursors of pages: base64url of {version, order, key, id} behind an HMAC of that and of the organization (GQL-11).
 * Opaque to clients; one that was changed, or made for another list, order or organization, is refused as bad input.
 */
export class Cursors {
  constructor(private readonly key: Buffer) {}

  write(orgId: string, order: string, key: string, id: string): string {
    const body = Buffer.from(JSON.stringify([version, order, key, id]));
    return Buffer.concat([this.mac(orgId, body), body]).toString("base64url");
  }

  /** @throws PlenumError `invalid` naming the argument */
  read(orgId: string, order: string, argument: string, text: string): { key: string; id: string } {
    const bytes = Buffer.from(text, "base64url");
    const body = bytes.subarray(macBytes);
    // A text has one spelling: base64 leaves a few bits at the end that mean nothing.
    const spelt = bytes.length > macBytes && bytes.toString("base64url") === text;
    const known = spelt && timingSafeEqual(bytes.subarray(0, macBytes), this.mac(orgId, body));
    const parts: unknown = known ? JSON.parse(body.toString()) : undefined;
    if (Array.isArray(parts)) {
      const [v, ofOrder, key, id] = parts as unknown[];
      const fits = v === version && ofOrder === order;
      if (fits && typeof key === "string" && typeof id === "string" && isUuid(id)) return { key, id };
    }
    throw invalid(argument, "a cursor of this list in this order");
  }

  private mac(orgId: string, body: Buffer): Buffer {
    return createHmac("sha256", this.key).update(orgId).update(body).digest().subarray(0, macBytes);
  }
}
