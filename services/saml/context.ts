import type { Database } from "../platform/unit-of-work";
import type { Log } from "../platform/log";
import type { Connections } from "./connections";
import type { SamlFigures } from "./figures";
import type { ValidationPool } from "./validation-pool";

/** What the routes of this door share. */
export interface SamlContext {
  readonly db: Database;
  readonly log: Log;
  readonly publicUrl: string;
  readonly connections: Connections;
  readonly pool: ValidationPool;
  readonly figures: SamlFigures;
}
