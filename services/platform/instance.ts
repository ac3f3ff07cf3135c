import type { Keyring } from "./keys";

/** What every use case may know of the installation. */
export interface Instance {
  /** The URL that the world sees, without a trailing slash; every absolute URL is built from it (contract §2). */
  readonly publicUrl: string;
  readonly keyring: Keyring;
}
