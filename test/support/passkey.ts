import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import type {
  PasskeyAssertion,
  PasskeyCreation,
  PasskeyRegistration,
  PasskeyRequest,
} from "../../services/domain/identity";

/** The few forms of CBOR that an attestation needs (RFC 8949 §3). */
function cbor(value: number | string | Buffer | Map<number | string, unknown>): Buffer {
  const head = (major: number, n: number) =>
    n < 24
      ? Buffer.of((major << 5) | n)
      : n < 256
        ? Buffer.of((major << 5) | 24, n)
        : Buffer.of((major << 5) | 25, n >> 8, n & 255);
  if (typeof value === "number") return value >= 0 ? head(0, value) : head(1, -1 - value);
  if (typeof value === "string") return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  const entries = [...value].map(([key, held]) => Buffer.concat([cbor(key), cbor(held as Buffer)]));
  return Buffer.concat([head(5, value.size), ...entries]);
}

const sha256 = (data: Buffer | string) => createHash("sha256").update(data).digest();
// User present, user verified, attested key included (WebAuthn §6.1).
const [present, verified, attested] = [0x01, 0x04, 0x40];

/** A passkey in software, with a clean conscience or without one. */
export class SoftPasskey {
  readonly id = randomBytes(32);
  counter = 0;
  private readonly privateKey: KeyObject;
  private readonly cose: Buffer;

  constructor(
    readonly origin = "http://localhost:4000",
    readonly rpId = "localhost",
  ) {
    const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const { x = "", y = "" } = publicKey.export({ format: "jwk" });
    this.privateKey = privateKey;
    // EC2, ES256, P-256 (RFC 9053 §7.1.1).
    this.cose = cbor(
      new Map<number, unknown>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Buffer.from(x, "base64url")],
        [-3, Buffer.from(y, "base64url")],
      ]),
    );
  }

  create(options: PasskeyCreation, origin = this.origin): PasskeyRegistration {
    const length = Buffer.of(this.id.length >> 8, this.id.length & 255);
    const authData = Buffer.concat([
      this.authData(present | verified | attested),
      Buffer.alloc(16),
      length,
      this.id,
      this.cose,
    ]);
    const attestation = new Map<string, unknown>([
      ["fmt", "none"],
      ["attStmt", new Map()],
      ["authData", authData],
    ]);
    return {
      ...this.envelope,
      response: {
        clientDataJSON: this.clientData("webauthn.create", options.challenge, origin).toString("base64url"),
        attestationObject: cbor(attestation).toString("base64url"),
      },
    };
  }

  get(options: PasskeyRequest, more: { origin?: string; flags?: number; counter?: number } = {}): PasskeyAssertion {
    this.counter = more.counter ?? this.counter + 1;
    const clientData = this.clientData("webauthn.get", options.challenge, more.origin ?? this.origin);
    const authData = this.authData(more.flags ?? present | verified);
    const signature = createSign("sha256")
      .update(Buffer.concat([authData, sha256(clientData)]))
      .sign(this.privateKey);
    return {
      ...this.envelope,
      response: {
        clientDataJSON: clientData.toString("base64url"),
        authenticatorData: authData.toString("base64url"),
        signature: signature.toString("base64url"),
      },
    };
  }

  private get envelope() {
    const id = this.id.toString("base64url");
    return { id, rawId: id, type: "public-key" as const, clientExtensionResults: {} };
  }

  private authData(flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([sha256(this.rpId), Buffer.of(flags), counter]);
  }

  private clientData(type: string, challenge: string, origin: string): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
}
