import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { newId } from "../kernel/ids";
import { sql, statement } from "./sql";
import type { SealPlace, SecretKeeper, Tx } from "./tx";

/** One key that wraps the organizations' data keys; its id is stored beside what it wrapped. */
export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Derives the wrapping key from `PLENUM_SECRET_KEY`; the id tells which secret it came from, not what it is. */
export function masterKeyOf(secret: string): MasterKey {
  const derive = (info: string, bytes: number) => Buffer.from(hkdfSync("sha256", secret, "plenum", info, bytes));
  return { id: derive("master-id", 6).toString("hex"), key: derive("master-key", 32) };
}

/** The keyring of a configuration: the present secret, and the one before it where a rotation is under way. */
export function keyringOf(secret: string, previous: string | undefined): Keyring {
  return new Keyring(masterKeyOf(secret), previous === undefined ? [] : [masterKeyOf(previous)]);
}

const findActive = statement(
  "data-key-active",
  `select id, wrapped, master_id from data_key where org_id = $1 and state = 'ACTIVE'`,
);
const findOne = statement("data-key-one", `select id, wrapped, master_id from data_key where org_id = $1 and id = $2`);
const add = statement(
  "data-key-add",
  `insert into data_key (org_id, id, wrapped, master_id, state, created_at) values ($1, $2, $3, $4, 'ACTIVE', $5)
   on conflict do nothing`,
);
const all = statement("data-key-all", `select id, wrapped, master_id from data_key where org_id = $1 for update`);
const rewrap = statement(
  "data-key-rewrap",
  `update data_key set wrapped = $3, master_id = $4 where org_id = $1 and id = $2`,
);

const cachedMax = 1_000;
const activeMs = 60_000;

interface KeyRow {
  readonly id: string;
  readonly wrapped: Buffer;
  readonly master_id: string;
}

/**
 * Secrets at rest: AES-256-GCM under the organization's data key, which is itself wrapped by the master key
 * (SEC-10). A sealed value reads `version | data key id | nonce | tag | text`.
 */
export class Keyring implements SecretKeeper {
  // Unwrapped data keys; a bounded cache, keys are never changed in place.
  private readonly unwrapped = new Map<string, Buffer>();
  // The active key of each organization as it was last read: a key is never deleted while its organization lives, and
  // what was sealed by one that has retired since opens all the same.
  private readonly active = new Map<string, { readonly id: string; readonly key: Buffer; readonly until: number }>();
  // Units of work that made a key: until they have committed it exists for nobody else.
  private readonly makers = new WeakSet<Tx>();
  private readonly masters: ReadonlyMap<string, Buffer>;

  constructor(
    private readonly current: MasterKey,
    previous: readonly MasterKey[] = [],
  ) {
    this.masters = new Map([current, ...previous].map((m) => [m.id, m.key]));
  }

  /** Encrypts a secret for the running organization. */
  async seal(tx: Tx, place: SealPlace, plain: Buffer | string): Promise<Buffer> {
    const { id, key } = await this.activeKey(tx);
    const keyId = Buffer.from(id.replaceAll("-", ""), "hex");
    const body = encrypt(key, aad(tx, place, id), Buffer.isBuffer(plain) ? plain : Buffer.from(plain, "utf8"));
    return Buffer.concat([Buffer.from([1]), keyId, body]);
  }

  /** Decrypts what `seal` made for the same place; a value from another row, table or organization does not open. */
  async open(tx: Tx, place: SealPlace, sealed: Buffer): Promise<Buffer> {
    if (sealed[0] !== 1) throw new Error("unknown version of a sealed value");
    const hex = sealed.subarray(1, 17).toString("hex");
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    const key = await this.keyById(tx, id);
    return decrypt(key, aad(tx, place, id), sealed.subarray(17));
  }

  /** Wraps every data key of the organization by the current master key; the data stay as they are. */
  async rotate(tx: Tx): Promise<number> {
    const rows = await sql(tx).many<KeyRow>(all, [tx.orgId]);
    const old = rows.filter((row) => row.master_id !== this.current.id);
    for (const row of old) {
      const plain = this.unwrap(tx, row);
      await sql(tx).exec(rewrap, [tx.orgId, row.id, this.wrap(tx, row.id, plain), this.current.id]);
    }
    return old.length;
  }

  private async activeKey(tx: Tx): Promise<{ id: string; key: Buffer }> {
    const known = this.active.get(tx.orgId);
    if (known && tx.now.getTime() < known.until) return known;
    const row = await sql(tx).maybe<KeyRow>(findActive, [tx.orgId]);
    if (row) return this.remembered(tx, row);
    this.makers.add(tx);
    const id = newId("token");
    const key = randomBytes(32);
    await sql(tx).exec(add, [tx.orgId, id, this.wrap(tx, id, key), this.current.id, tx.now]);
    const kept = await sql(tx).one<KeyRow>(findActive, [tx.orgId]);
    return { id: kept.id, key: this.cached(tx, kept) };
  }

  private remembered(tx: Tx, row: KeyRow): { id: string; key: Buffer } {
    const key = this.cached(tx, row);
    if (this.active.size >= cachedMax) this.active.clear();
    const until = tx.now.getTime() + activeMs;
    if (!this.makers.has(tx)) this.active.set(tx.orgId, { id: row.id, key, until });
    return { id: row.id, key };
  }

  private async keyById(tx: Tx, id: string): Promise<Buffer> {
    const cached = this.unwrapped.get(`${tx.orgId}/${id}`);
    if (cached) return cached;
    return this.cached(tx, await sql(tx).one<KeyRow>(findOne, [tx.orgId, id]));
  }

  private cached(tx: Tx, row: KeyRow): Buffer {
    const name = `${tx.orgId}/${row.id}`;
    const known = this.unwrapped.get(name);
    if (known) return known;
    const key = this.unwrap(tx, row);
    if (this.unwrapped.size >= cachedMax) this.unwrapped.clear();
    this.unwrapped.set(name, key);
    return key;
  }

  private wrap(tx: Tx, id: string, key: Buffer): Buffer {
    return encrypt(this.current.key, `data_key|${tx.orgId}|${id}`, key);
  }

  private unwrap(tx: Tx, row: KeyRow): Buffer {
    const master = this.masters.get(row.master_id);
    if (!master)
      throw new Error(`no master key ${row.master_id}: PLENUM_SECRET_KEY is not the one that sealed this data`);
    return decrypt(master, `data_key|${tx.orgId}|${row.id}`, row.wrapped);
  }
}

function aad(tx: Tx, place: SealPlace, keyId: string): string {
  return [place.table, place.column, tx.orgId, place.rowId, keyId].join("|");
}

/** AES-256-GCM with a random 96-bit nonce: `nonce | tag | text`. */
export function encrypt(key: Buffer, context: string, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(Buffer.from(context, "utf8"));
  const text = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** The inverse of `encrypt`; throws when key, context or text differ. */
export function decrypt(key: Buffer, context: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12), { authTagLength: 16 });
  decipher.setAAD(Buffer.from(context, "utf8"));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
