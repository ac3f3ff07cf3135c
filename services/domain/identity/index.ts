export * from "./add-connection";
export * from "./create-scim-token";
export * from "./create-token";
export type { ScimTokenRow, SessionRow } from "./credentials.store";
export * from "./entrances";
export * from "./login-sessions";
export * from "./sign-in-links";
export type { ApiToken } from "./tokens.store";
export * from "./vouch-for-domain";
