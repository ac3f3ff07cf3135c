import { findSamlConnection, samlCallerOf, type SamlConnection } from "../domain/identity";
import { notFound } from "../kernel/errors";
import { parseId, type ConnectionId, type OrgId } from "../kernel/ids";
import type { Caller, Origin } from "../platform/caller";
import { findInDirectory } from "../platform/lobby";
import type { Database } from "../platform/unit-of-work";

/** A connection as it stood when it was read, and whose it is. */
export interface Snapshot {
  readonly orgId: OrgId;
  readonly connection: SamlConnection;
}

const snapshotsMax = 1_000;

/**
 * Connections by their public id. Snapshots are kept between requests, because whatever acts on one asks in its own
 * statement whether the version still stands: an old snapshot costs a second look and decides nothing (SAML-12, 106).
 */
export class Connections {
  private readonly known = new Map<ConnectionId, Snapshot>();

  constructor(private readonly db: Database) {}

  /** @throws PlenumError `not_found`. */
  async find(publicId: string, origin: Origin): Promise<Snapshot> {
    const id = parseId("connection", publicId);
    return this.known.get(id) ?? this.read(id, origin);
  }

  /** Reads a connection anew; its organization never changes. */
  async read(id: ConnectionId, origin: Origin): Promise<Snapshot> {
    const orgId = this.known.get(id)?.orgId ?? (await findInDirectory(this.db, "CONNECTION", id))?.orgId;
    if (!orgId) throw notFound("connection");
    const caller = samlCallerOf(orgId, id, origin);
    const connection = await this.db.run(caller, (tx) => findSamlConnection(tx, id));
    this.known.delete(id);
    if (!connection) throw notFound("connection");
    if (this.known.size >= snapshotsMax) this.known.clear();
    const snapshot = { orgId, connection };
    this.known.set(id, snapshot);
    return snapshot;
  }

  /** The connections that this process serves, as it last saw them. */
  snapshots(): readonly SamlConnection[] {
    return [...this.known.values()].map(({ connection }) => connection);
  }

  /** Whoever comes to this connection. */
  caller({ orgId, connection }: Snapshot, origin: Origin): Caller {
    return samlCallerOf(orgId, connection.id, origin);
  }
}
