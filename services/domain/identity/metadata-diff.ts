import { dayMs } from "../../kernel/clock";
import type { ConnectionCertificate } from "./certificate.store";
import { certificatesMax, type IdpCertificate } from "./certificates";
import type { Connection } from "./connection";
import type { IdpRecord } from "./saml-settings";

/** For how long a key that metadata no longer lists still vouches, at least (SAML-06). */
export const absentGraceMs = 7 * dayMs;

/** What fresh metadata means for a connection; nothing is written here. */
export interface MetadataDiff {
  /** Certificates that are not known yet. */
  readonly fresh: readonly IdpCertificate[];
  /** Known ones that had been retired and are listed again. */
  readonly returned: readonly ConnectionCertificate[];
  /** Live ones that are not listed any more. */
  readonly absent: readonly ConnectionCertificate[];
  /** Absent ones whose grace is over, while others still vouch. */
  readonly outlived: readonly ConnectionCertificate[];
  /** Live ones that were absent and are listed again. */
  readonly present: readonly ConnectionCertificate[];
  /** Waiting ones that are not listed any more. */
  readonly withdrawn: readonly ConnectionCertificate[];
  /** Addresses on the host that they had; these may follow by themselves. */
  readonly moved: Partial<Pick<Connection, "ssoUrl" | "ssoBinding" | "sloUrl" | "sloBinding">>;
  /** What only a person changes: another host. */
  readonly differing: readonly string[];
  /** How many more certificates there is room for. */
  readonly room: number;
}

/** Compares a connection with what its metadata says now. */
export function diffMetadata(
  connection: Connection,
  known: readonly ConnectionCertificate[],
  record: IdpRecord,
  now: Date,
): MetadataDiff {
  const listed = new Set(record.certificates.map((c) => c.sha256));
  const by = new Map(known.map((c) => [c.sha256, c]));
  const live = known.filter((c) => c.status === "LIVE");
  const absent = live.filter((c) => !listed.has(c.sha256));
  const staying = live.filter((c) => listed.has(c.sha256));
  const isOver = (c: ConnectionCertificate) =>
    c.absentSince !== null && now.getTime() - c.absentSince.getTime() >= absentGraceMs;
  const { moved, differing } = compareAddresses(connection, record);
  return {
    fresh: record.certificates.filter((c) => !by.has(c.sha256)),
    returned: known.filter((c) => c.status === "RETIRED" && listed.has(c.sha256)),
    absent,
    outlived: staying.length > 0 ? absent.filter(isOver) : [],
    present: staying.filter((c) => c.absentSince !== null),
    withdrawn: known.filter((c) => c.status === "PENDING" && !listed.has(c.sha256)),
    moved,
    differing,
    room: certificatesMax - known.filter((c) => c.status === "LIVE" || c.status === "PENDING").length,
  };
}

function compareAddresses(connection: Connection, record: IdpRecord): Pick<MetadataDiff, "moved" | "differing"> {
  const sso = addressChange(connection.ssoUrl, record.ssoUrl);
  const slo = addressChange(connection.sloUrl, record.sloUrl);
  return {
    moved: {
      ...(sso === "moved" ? { ssoUrl: record.ssoUrl, ssoBinding: record.ssoBinding } : {}),
      ...(slo === "moved" ? { sloUrl: record.sloUrl, sloBinding: record.sloBinding } : {}),
    },
    differing: [...(sso === "elsewhere" ? ["ssoUrl"] : []), ...(slo === "elsewhere" ? ["sloUrl"] : [])],
  };
}

function addressChange(before: string | null, after: string | null): "same" | "moved" | "elsewhere" {
  if (before === after) return "same";
  if (before === null || after === null) return "elsewhere";
  return new URL(before).host === new URL(after).host ? "moved" : "elsewhere";
}
