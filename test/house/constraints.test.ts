import { meaningOfConstraints } from "../../services/platform/constraints";
import { connect, testDatabase } from "../support/database";

/**
 * Constraints that no input can trip over: closed sets that parsers guard, keys of fresh ids, references to rows that
 * were locked before. Violating one is a fault of ours and answers `internal`.
 */
const faultsOfOurs =
  /(_known|_shape|_once_key|_of_\w+|_not_negative|_has_date|_has_reason|_after_start|_is_half_open|_is_service|_is_active|_in_range|_of_child)$/;
const keysOfFreshIds =
  /^(?!directory|member_(user_name|login_email|person)|member_group_name|verified_domain_name|idp_certificate_fingerprint|group_rule_target|sso_replay|event_type_(slug|template_slug)|licence_assignment_once_per_pool).*_once$/;
const serverMade = [
  "audit_entry_once",
  "plan_price_one_at_a_time",
  "subscription_kind_once",
  "data_key_one_active",
  "outgoing_mail_of_event",
  "domain_event_feed",
  "member_value_one_primary",
  "sp_key_one_active",
  "sso_link_one_open",
  "provisioning_run_one_watching",
  "event_type_template_once_per_member",
  "event_type_assignment_target_once",
];

test("every constraint that a person can trip over has a meaning, and every meaning a constraint", async () => {
  const client = await connect((await testDatabase()).superUrl);
  const { rows } = await client.query<{ name: string }>(`
    select k.conname as name from pg_constraint k join pg_class c on c.oid = k.conrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and not c.relispartition and k.contype in ('u', 'p', 'c', 'x', 'f')
    union
    select x.relname from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid
    join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and i.indisunique and not c.relispartition`);
  const names = rows.map((row) => row.name);

  const explained = (name: string) =>
    name in meaningOfConstraints ||
    faultsOfOurs.test(name) ||
    keysOfFreshIds.test(name) ||
    serverMade.includes(name) ||
    // unnamed references to one column, and PostgreSQL's own names for them
    /_fkey\d*$|_pkey$/.test(name);

  expect(names.filter((name) => !explained(name))).toEqual([]);
  expect(Object.keys(meaningOfConstraints).filter((name) => !names.includes(name))).toEqual([]);
});
