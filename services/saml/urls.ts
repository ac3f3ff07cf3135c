import type { SamlConnection } from "../domain/identity";

/** An address of a connection beside its consumer service; built from the public URL like all of them. */
export function siblingUrl(
  { urls }: Pick<SamlConnection, "urls">,
  name: "complete" | "link" | "setup" | "slo" | "test",
): string {
  return urls.acsUrl.replace(/acs$/, name);
}
