import type { Command } from "./command";
import { doctor } from "./doctor";
import { migrateCommand, migrateStatus } from "./migrate";

/** Every command of `plenum`. */
export const commands: readonly Command[] = [migrateCommand, migrateStatus, doctor];
