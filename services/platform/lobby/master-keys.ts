import { PlenumError } from "../../kernel/errors";
import { masterKeyOf } from "../keys";
import { lobbySql, statement } from "../sql";
import type { Database } from "../unit-of-work";

// The first process notes its key; another is let in only by whoever has one of those before it as well.
const note = statement(
  "master-key-note",
  `insert into instance_setting (name, value) values ('master_keys', jsonb_build_array($1::text))
   on conflict (name) do update set value = case
     when not instance_setting.value ? $1 and instance_setting.value ?| $2::text[]
     then instance_setting.value || to_jsonb($1::text) else instance_setting.value end
   returning value ? $1 as "isKnown"`,
);

/** The master key is none of those that sealed what is in the database. */
export class MasterKeyUnknown extends PlenumError {
  constructor() {
    super(
      "conflict",
      "the master key is not the one that sealed what is in this database. Start with the PLENUM_SECRET_KEY (or, in " +
        "development, the file secret.key of the data directory) that was in use before; to change keys, give the old " +
        "one as PLENUM_SECRET_KEY_PREVIOUS",
    );
  }
}

/**
 * Holds the master key against those that this database has known (SEC-11): with a lost or mistaken key every secret at
 * rest would be unreadable, and new ones would be sealed under a key that nobody kept.
 * @throws MasterKeyUnknown
 */
export async function checkMasterKey(db: Database, secret: string, previous: string | undefined): Promise<void> {
  const before = previous === undefined ? [] : [masterKeyOf(previous).id];
  const { isKnown } = await lobbySql(db).one<{ isKnown: boolean }>(note, [masterKeyOf(secret).id, before]);
  if (!isKnown) throw new MasterKeyUnknown();
}
