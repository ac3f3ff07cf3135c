import type { SecretKeeper } from "./platform/tx";
import type { Instance } from "./platform/unit-of-work";
import { scimEngine } from "./scim/engine";

/** What every use case of this installation may know; put together here, because no door knows another. */
export function instanceOf(
  publicUrl: string,
  keyring: SecretKeeper,
  { privateMetadata = false }: { readonly privateMetadata?: boolean } = {},
): Instance {
  return { publicUrl, keyring, requests: scimEngine, privateMetadata };
}
