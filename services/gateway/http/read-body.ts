import type { IncomingMessage } from "node:http";
import { limits } from "../limits/limits";

/** Why a request cannot be read, with the status that says so (GQL-04). */
export class UnreadableRequest extends Error {
  constructor(
    readonly status: 400 | 405 | 406 | 413 | 415,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

const jsonTypes = new Set(["application/json", "application/graphql-response+json"]);

/**
 * Reads a JSON body: UTF-8 only, not compressed, 256 kB at most (GQL-05). Our own reader, because that of Express
 * answers HTML and replaces bytes that are no UTF-8.
 * @throws UnreadableRequest
 */
export async function readJsonBody(req: IncomingMessage): Promise<unknown> {
  requireJson(req.headers["content-type"]);
  const encoding = req.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") throw new UnreadableRequest(415, "the body may not be compressed");
  const bytes = await readBytes(req, Number(req.headers["content-length"] ?? 0));
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw new UnreadableRequest(400, "the body is no JSON in UTF-8");
  }
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function requireJson(header: string | undefined): void {
  if (header === "application/json") return;
  const [type = "", ...parameters] = (header ?? "")
    .toLowerCase()
    .split(";")
    .map((part) => part.trim());
  if (!jsonTypes.has(type)) throw new UnreadableRequest(415, "expected the content type application/json");
  const charset = parameters.find((parameter) => parameter.startsWith("charset="))?.slice("charset=".length);
  if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) throw new UnreadableRequest(415, "expected UTF-8");
}

async function readBytes(req: IncomingMessage, announced: number): Promise<Buffer> {
  if (announced > limits.bodyBytes) throw tooLarge();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.bodyBytes) {
        req.removeAllListeners("data");
        req.resume();
        reject(tooLarge());
      } else {
        chunks.push(chunk);
      }
    });
    req.on("end", () => {
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    req.on("error", reject);
    req.on("aborted", () => {
      reject(new UnreadableRequest(400, "the body ended early"));
    });
  });
}

function tooLarge(): UnreadableRequest {
  // The rest is not read, so the connection cannot be used again.
  return new UnreadableRequest(413, `the body exceeds ${limits.bodyBytes} bytes`, { Connection: "close" });
}
