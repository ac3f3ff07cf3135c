import type { Database } from "../platform/unit-of-work";

/** What the pages need of the installation. */
export interface PagesContext {
  readonly db: Database;
  readonly publicUrl: string;
}
