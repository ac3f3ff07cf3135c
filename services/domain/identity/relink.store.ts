import type { ConnectionId } from "../../kernel/ids";
import type { Role } from "../../platform/caller";
import { sql, statement } from "../../platform/sql";
import type { Tx } from "../../platform/unit-of-work";

// What a re-link does with the identities of one identity provider. Whoever is above the caller, and owners who keep an
// emergency access, are not handed to another identity provider by somebody else's word; an identity that the new one has
// introduced already stays as it was made. Blocked ones move as blocked: they are what keeps somebody out.
const fates = `
  select i.id, i.idp_entity_id,
    case when exists (select 1 from sso_identity n
                      where n.org_id = $1 and n.connection_id = $2 and n.idp_entity_id = $3
                        and n.name_id_format = i.name_id_format and n.name_id_key = i.name_id_key) then 'TAKEN'
         when m.role <> all ($4::text[]) or exists (
           select 1 from sso_exemption x
           where x.org_id = $1 and x.kind = 'BREAK_GLASS' and x.subject_id = m.id) then 'PROTECTED'
         else 'MOVES' end as fate
  from sso_identity i join member m on m.org_id = $1 and m.id = i.member_id
  where i.org_id = $1 and i.connection_id = $2 and i.idp_entity_id <> $3`;

const preview = statement(
  "sso-relink-preview",
  `select f.idp_entity_id as "idpEntityId", count(*) filter (where f.fate = 'MOVES')::integer as moves,
     count(*) filter (where f.fate = 'TAKEN')::integer as taken,
     count(*) filter (where f.fate = 'PROTECTED')::integer as protected
   from (${fates}) f group by f.idp_entity_id order by f.idp_entity_id limit 100`,
);
const move = statement(
  "sso-relink-move",
  `update sso_identity i set idp_entity_id = $3 from (${fates}) f
   where i.org_id = $1 and i.id = f.id and f.fate = 'MOVES' and f.idp_entity_id = $5`,
);

/** What would become of the identities that one earlier identity provider gave. */
export interface RelinkCounts {
  readonly idpEntityId: string;
  readonly moves: number;
  /** The present identity provider has introduced somebody under the same name already. */
  readonly taken: number;
  /** Of somebody above whoever asks, or of an owner who keeps an emergency access. */
  readonly protected: number;
}

interface Relink {
  readonly connectionId: ConnectionId;
  readonly to: string;
  /** Whose identities the caller may hand on. */
  readonly roles: readonly Role[];
}

export async function countRelinks(tx: Tx, r: Relink): Promise<RelinkCounts[]> {
  return sql(tx).many<RelinkCounts>(preview, [tx.orgId, r.connectionId, r.to, r.roles]);
}

/** Moves the identities of one earlier identity provider; answers how many. */
export async function moveIdentities(tx: Tx, r: Relink & { readonly from: string }): Promise<number> {
  return sql(tx).exec(move, [tx.orgId, r.connectionId, r.to, r.roles, r.from]);
}
