// The npm package has no types; what the interoperability test uses of it.
declare module "samlp" {
  import type { RequestHandler, Request } from "express";

  export interface AuthOptions {
    issuer: string;
    cert: string;
    key: string;
    recipient?: string;
    destination?: string;
    signResponse?: boolean;
    signAssertion?: boolean;
    encryptionPublicKey?: Buffer;
    encryptionCert?: Buffer;
    encryptionAlgorithm?: string;
    sessionIndex?: string;
    getPostURL(audience: string, dom: unknown, req: Request, done: (error: Error | null, url: string) => void): void;
    getUserFromRequest(req: Request): object | undefined;
  }
  export function auth(options: AuthOptions): RequestHandler;
  export function metadata(options: {
    issuer: string;
    cert: string;
    redirectEndpointPath?: string;
    postEndpointPath?: string;
  }): RequestHandler;
}
