import type { IncomingMessage } from "node:http";
import { ScimRefusal, tooLarge } from "./refusal";

/**
 * The body of a request, as it came. Read here rather than by a body parser, because the limit depends on the endpoint
 * and every refusal has to be an Error of this protocol (SCIM-200).
 * @throws ScimRefusal 413 with the limit; 415 for an encoding.
 */
export async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new ScimRefusal(415, undefined, `the body is encoded as ${encoding.slice(0, 40)}, expected none`);
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  if (Number(request.headers["content-length"] ?? 0) > bytesMax) throw tooLong(bytesMax);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLong(bytesMax);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLong(bytesMax: number): ScimRefusal {
  return tooLarge(`the body is larger than ${bytesMax} bytes (maxPayloadSize of this endpoint)`);
}
