-- Made by `npm run generate` from all migrations. Read it in review, never edit it.

CREATE OR REPLACE FUNCTION public.app_org_id()
 RETURNS uuid
 LANGUAGE sql
 STABLE
AS $function$ select current_setting('app.org_id')::uuid $function$;

CREATE OR REPLACE FUNCTION public.erase_shadow_organization()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'public', 'pg_temp'
AS $function$
declare
  shadow uuid := app_org_id();
  name regclass;
  is_left boolean;
begin
  if not exists (select from organization where org_id = shadow and kind = 'SHADOW') then
    raise exception 'only the copy of a preview can be erased';
  end if;
  for round in 1 .. 12 loop
    is_left := false;
    for name in select polrelid::regclass from pg_policy where polname = 'tenant' order by polrelid desc loop
      begin
        execute format('delete from %s where org_id = $1', name) using shadow;
      exception when foreign_key_violation then
        is_left := true;
      end;
    end loop;
    exit when not is_left;
  end loop;
  if is_left then
    raise exception 'rows of the copy refer to each other in a circle';
  end if;
end
$function$;

CREATE OR REPLACE PROCEDURE public.make_tenant_table(IN name regclass)
 LANGUAGE plpgsql
AS $procedure$
begin
  execute format('alter table %s enable row level security', name);
  execute format('alter table %s force row level security', name);
  execute format(
    'create policy tenant on %s using (org_id = (select app_org_id())) with check (org_id = (select app_org_id()))', name);
end
$procedure$;

create table agenda (
  org_id uuid not null,
  kind text not null,
  due_at timestamp(3) with time zone not null,
  lease_until timestamp(3) with time zone,
  fence bigint not null default 0,
  failures integer not null default 0,
  parked_at timestamp(3) with time zone,
  constraint agenda_once PRIMARY KEY (org_id, kind)
);
CREATE INDEX agenda_due ON public.agenda USING btree (due_at) WHERE (parked_at IS NULL);
CREATE INDEX agenda_leased ON public.agenda USING btree (lease_until) WHERE (lease_until IS NOT NULL);

create table api_token (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  secret_hash bytea not null,
  member_id uuid,
  role text not null,
  scopes jsonb not null default '[]'::jsonb,
  expires_at timestamp(3) with time zone not null,
  last_used_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  constraint api_token_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint api_token_once PRIMARY KEY (org_id, id),
  constraint api_token_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint api_token_role_known CHECK ((role = ANY (ARRAY['OWNER'::text, 'ADMIN'::text, 'MEMBER'::text]))),
  constraint api_token_secret_once UNIQUE (org_id, secret_hash)
);
CREATE INDEX api_token_open_of_member ON public.api_token USING btree (org_id, member_id) WHERE (revoked_at IS NULL);
alter table api_token enable row level security, force row level security;
create policy tenant on api_token using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table audit_entry (
  org_id uuid not null,
  at timestamp(3) with time zone not null,
  id uuid not null,
  caller_kind text not null,
  actor_id uuid,
  actor jsonb not null,
  action text collate "C" not null,
  target_kind text,
  target_id uuid,
  result text not null,
  facts jsonb not null,
  personal_digest bytea,
  request_id text not null,
  seq bigint,
  prev_hash bytea,
  hash bytea,
  constraint audit_entry_once PRIMARY KEY (org_id, at, id),
  constraint audit_entry_result_known CHECK ((result = ANY (ARRAY['DONE'::text, 'DENIED'::text])))
) partition by RANGE (at);
CREATE INDEX audit_entry_by_seq ON ONLY public.audit_entry USING btree (org_id, seq) WHERE (seq IS NOT NULL);
CREATE INDEX audit_entry_by_target ON ONLY public.audit_entry USING btree (org_id, target_id, at, id);
CREATE INDEX audit_entry_unsealed ON ONLY public.audit_entry USING btree (org_id, at, id) WHERE (seq IS NULL);
alter table audit_entry enable row level security, force row level security;
create policy tenant on audit_entry using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table audit_head (
  org_id uuid not null,
  seq bigint not null,
  hash bytea not null,
  feed_seq bigint not null,
  sealed_at timestamp(3) with time zone not null,
  signature bytea not null,
  constraint audit_head_once PRIMARY KEY (org_id),
  constraint audit_head_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id)
);
alter table audit_head enable row level security, force row level security;
create policy tenant on audit_head using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table audit_personal (
  org_id uuid not null,
  entry_id uuid not null,
  subject_id uuid,
  salt bytea not null,
  before jsonb,
  after jsonb,
  constraint audit_personal_once PRIMARY KEY (org_id, entry_id)
);
CREATE INDEX audit_personal_by_subject ON public.audit_personal USING btree (org_id, subject_id);
alter table audit_personal enable row level security, force row level security;
create policy tenant on audit_personal using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table credential_challenge (
  org_id uuid not null,
  id uuid not null,
  purpose text not null,
  session_id uuid,
  challenge text collate "C" not null,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  used_at timestamp(3) with time zone,
  constraint credential_challenge_once PRIMARY KEY (org_id, id),
  constraint credential_challenge_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint credential_challenge_purpose_known CHECK ((purpose = ANY (ARRAY['REGISTER'::text, 'SIGN_IN'::text])))
);
CREATE INDEX credential_challenge_expired ON public.credential_challenge USING btree (org_id, expires_at);
alter table credential_challenge enable row level security, force row level security;
create policy tenant on credential_challenge using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table data_key (
  org_id uuid not null,
  id uuid not null,
  wrapped bytea not null,
  master_id text not null,
  state text not null,
  created_at timestamp(3) with time zone not null,
  constraint data_key_once PRIMARY KEY (org_id, id),
  constraint data_key_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint data_key_state_known CHECK ((state = ANY (ARRAY['ACTIVE'::text, 'RETIRED'::text])))
);
CREATE UNIQUE INDEX data_key_one_active ON public.data_key USING btree (org_id) WHERE (state = 'ACTIVE'::text);
alter table data_key enable row level security, force row level security;
create policy tenant on data_key using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table directory (
  name_norm text collate "C" not null,
  kind text not null,
  org_id uuid not null,
  target_id uuid not null,
  claimed_at timestamp(3) with time zone not null,
  confirmed_at timestamp(3) with time zone,
  constraint directory_kind_known CHECK ((kind = ANY (ARRAY['ORG_SLUG'::text, 'CONNECTION'::text, 'SP_ENTITY_ID'::text, 'DOMAIN'::text, 'CONTRACT_KEY'::text, 'CERTIFICATE_CODE'::text]))),
  constraint directory_name_once PRIMARY KEY (name_norm, kind)
);
CREATE INDEX directory_unconfirmed ON public.directory USING btree (claimed_at) WHERE (confirmed_at IS NULL);

create table domain_event (
  org_id uuid not null,
  id uuid not null,
  name text collate "C" not null,
  payload jsonb not null,
  actor jsonb not null,
  request_id text not null,
  at timestamp(3) with time zone not null,
  feed_seq bigint,
  constraint domain_event_once PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX domain_event_feed ON public.domain_event USING btree (org_id, feed_seq) WHERE (feed_seq IS NOT NULL);
CREATE INDEX domain_event_unsealed ON public.domain_event USING btree (org_id, id) WHERE (feed_seq IS NULL);
alter table domain_event enable row level security, force row level security;
create policy tenant on domain_event using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table entitlement_grant (
  org_id uuid not null,
  id uuid not null,
  feature text collate "C" not null,
  value bigint not null,
  reason text not null,
  granted_by text not null,
  until timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  constraint entitlement_grant_once PRIMARY KEY (org_id, id),
  constraint entitlement_grant_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id)
);
CREATE INDEX entitlement_grant_by_feature ON public.entitlement_grant USING btree (org_id, feature);
alter table entitlement_grant enable row level security, force row level security;
create policy tenant on entitlement_grant using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table event_delivery (
  org_id uuid not null,
  event_id uuid not null,
  handler text collate "C" not null,
  done_at timestamp(3) with time zone not null,
  constraint event_delivery_once PRIMARY KEY (org_id, event_id, handler)
);
alter table event_delivery enable row level security, force row level security;
create policy tenant on event_delivery using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table event_type (
  org_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  template_id uuid,
  base_revision integer,
  base_values jsonb not null,
  overrides jsonb not null default '{}'::jsonb,
  name text not null,
  slug text collate "C" not null,
  delivery text not null default 'APPOINTMENT'::text,
  price_minor bigint,
  status text not null default 'ACTIVE'::text,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  version bigint not null default 1,
  constraint event_type_delivery_known CHECK ((delivery = ANY (ARRAY['APPOINTMENT'::text, 'MEETING'::text, 'WEBINAR'::text, 'AUTOMATED'::text, 'ON_DEMAND'::text]))),
  constraint event_type_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint event_type_of_template FOREIGN KEY (org_id, template_id) REFERENCES event_type_template(org_id, id),
  constraint event_type_once PRIMARY KEY (org_id, id),
  constraint event_type_price_not_negative CHECK ((price_minor >= 0)),
  constraint event_type_status_known CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'HIDDEN'::text, 'ARCHIVED'::text])))
);
CREATE INDEX event_type_of_member_by_time ON public.event_type USING btree (org_id, member_id, created_at, id);
CREATE UNIQUE INDEX event_type_slug_once ON public.event_type USING btree (org_id, member_id, slug) WHERE (status <> 'ARCHIVED'::text);
CREATE UNIQUE INDEX event_type_template_once_per_member ON public.event_type USING btree (org_id, template_id, member_id) WHERE (template_id IS NOT NULL);
alter table event_type enable row level security, force row level security;
create policy tenant on event_type using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table event_type_assignment (
  org_id uuid not null,
  id uuid not null,
  template_id uuid not null,
  target text not null,
  target_id uuid not null,
  created_at timestamp(3) with time zone not null,
  constraint event_type_assignment_of_template FOREIGN KEY (org_id, template_id) REFERENCES event_type_template(org_id, id),
  constraint event_type_assignment_once PRIMARY KEY (org_id, id),
  constraint event_type_assignment_target_known CHECK ((target = ANY (ARRAY['MEMBER'::text, 'GROUP'::text, 'ALL_CURRENT'::text, 'ALL_FUTURE'::text]))),
  constraint event_type_assignment_target_once UNIQUE (org_id, template_id, target, target_id)
);
alter table event_type_assignment enable row level security, force row level security;
create policy tenant on event_type_assignment using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table event_type_template (
  org_id uuid not null,
  id uuid not null,
  kind text not null,
  name text not null,
  slug text collate "C" not null,
  field_values jsonb not null,
  locks jsonb not null,
  capacity integer not null default 1,
  revision integer not null default 1,
  status text not null default 'ACTIVE'::text,
  edited_by uuid,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  constraint event_type_template_capacity_fits CHECK ((((kind = 'GROUP'::text) AND (capacity >= 2)) OR ((kind = 'ONE_ON_ONE'::text) AND (capacity = 1)))),
  constraint event_type_template_kind_known CHECK ((kind = ANY (ARRAY['ONE_ON_ONE'::text, 'GROUP'::text]))),
  constraint event_type_template_once PRIMARY KEY (org_id, id),
  constraint event_type_template_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint event_type_template_status_known CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'ARCHIVED'::text])))
);
CREATE INDEX event_type_template_by_creation ON public.event_type_template USING btree (org_id, created_at, id);
CREATE UNIQUE INDEX event_type_template_slug_once ON public.event_type_template USING btree (org_id, slug) WHERE (status = 'ACTIVE'::text);
alter table event_type_template enable row level security, force row level security;
create policy tenant on event_type_template using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table event_type_template_revision (
  org_id uuid not null,
  template_id uuid not null,
  revision integer not null,
  field_values jsonb not null,
  locks jsonb not null,
  diff jsonb not null,
  edited_by uuid,
  created_at timestamp(3) with time zone not null,
  constraint event_type_template_revision_of_template FOREIGN KEY (org_id, template_id) REFERENCES event_type_template(org_id, id),
  constraint event_type_template_revision_once PRIMARY KEY (org_id, template_id, revision)
);
alter table event_type_template_revision enable row level security, force row level security;
create policy tenant on event_type_template_revision using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table group_member (
  org_id uuid not null,
  group_id uuid not null,
  child_kind text not null,
  child_id uuid not null,
  added_at timestamp(3) with time zone not null,
  added_by uuid,
  constraint group_member_kind_known CHECK ((child_kind = ANY (ARRAY['MEMBER'::text, 'GROUP'::text]))),
  constraint group_member_of_group FOREIGN KEY (org_id, group_id) REFERENCES member_group(org_id, id),
  constraint group_member_once PRIMARY KEY (org_id, group_id, child_kind, child_id)
);
CREATE INDEX group_member_by_child ON public.group_member USING btree (org_id, child_kind, child_id, group_id);
alter table group_member enable row level security, force row level security;
create policy tenant on group_member using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table group_rule (
  org_id uuid not null,
  id uuid not null,
  group_id uuid not null,
  target text not null,
  target_id text not null,
  rule_order integer not null default 0,
  created_at timestamp(3) with time zone not null,
  constraint group_rule_of_group FOREIGN KEY (org_id, group_id) REFERENCES member_group(org_id, id),
  constraint group_rule_once PRIMARY KEY (org_id, id),
  constraint group_rule_target_known CHECK ((target = ANY (ARRAY['ROLE'::text, 'LICENCE'::text, 'TEMPLATE'::text, 'INTEGRATION'::text]))),
  constraint group_rule_target_once UNIQUE (org_id, group_id, target, target_id)
);
alter table group_rule enable row level security, force row level security;
create policy tenant on group_rule using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table group_rule_effect (
  org_id uuid not null,
  member_id uuid not null,
  kind text not null,
  value text collate "C" not null,
  before text collate "C",
  given_at timestamp(3) with time zone not null,
  constraint group_rule_effect_kind_known CHECK ((kind = ANY (ARRAY['ROLE'::text, 'SERVICE'::text, 'OPTION'::text]))),
  constraint group_rule_effect_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id) ON DELETE CASCADE,
  constraint group_rule_effect_once PRIMARY KEY (org_id, member_id, kind, value)
);
alter table group_rule_effect enable row level security, force row level security;
create policy tenant on group_rule_effect using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table idempotency_key (
  org_id uuid not null,
  actor_id uuid not null,
  operation text collate "C" not null,
  key text collate "C" not null,
  request_hash bytea not null,
  response jsonb,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  constraint idempotency_key_once PRIMARY KEY (org_id, actor_id, operation, key)
);
CREATE INDEX idempotency_key_expired ON public.idempotency_key USING btree (org_id, expires_at);
alter table idempotency_key enable row level security, force row level security;
create policy tenant on idempotency_key using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table identity_connection (
  org_id uuid not null,
  id uuid not null,
  name text not null,
  saml_state text not null default 'DRAFT'::text,
  scim_state text not null default 'OFF'::text,
  preset text not null default 'tolerant'::text,
  switches jsonb not null default '{}'::jsonb,
  idp_entity_id text,
  sso_url text,
  sso_binding text,
  slo_url text,
  slo_binding text,
  sp_entity_id text,
  sign_requests boolean not null default false,
  signature_policy text not null default 'either'::text,
  require_encryption boolean not null default false,
  skew_seconds integer not null default 60,
  idp_initiated text not null default 'off'::text,
  provisioning text not null default 'create'::text,
  mapping jsonb not null default '{}'::jsonb,
  role_ceiling text not null default 'ADMIN'::text,
  options jsonb not null default '{}'::jsonb,
  metadata_url text,
  metadata_valid_until timestamp(3) with time zone,
  preview_org_id uuid,
  last_seen_at timestamp(3) with time zone,
  vouched_by_operator boolean not null default false,
  deleted_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  version bigint not null default 1,
  metadata_mode text not null default 'ask'::text,
  metadata_checked_at timestamp(3) with time zone,
  metadata_due_at timestamp(3) with time zone,
  metadata_failures integer not null default 0,
  guard_mode text not null default 'alert'::text,
  guard_minimum integer not null default 10,
  guard_percent integer not null default 20,
  managed_fields jsonb not null default '["userName", "formattedName", "familyName", "givenName", "displayName", "title", "department"]'::jsonb,
  settlement text,
  constraint identity_connection_binding_known CHECK ((sso_binding = ANY (ARRAY['REDIRECT'::text, 'POST'::text]))),
  constraint identity_connection_ceiling_known CHECK ((role_ceiling = ANY (ARRAY['ADMIN'::text, 'MEMBER'::text]))),
  constraint identity_connection_guard_minimum_in_range CHECK (((guard_minimum >= 1) AND (guard_minimum <= 1000000))),
  constraint identity_connection_guard_mode_known CHECK ((guard_mode = ANY (ARRAY['off'::text, 'alert'::text, 'block'::text]))),
  constraint identity_connection_guard_percent_in_range CHECK (((guard_percent >= 1) AND (guard_percent <= 100))),
  constraint identity_connection_idp_initiated_known CHECK ((idp_initiated = ANY (ARRAY['off'::text, 'restart'::text, 'accept'::text]))),
  constraint identity_connection_metadata_mode_known CHECK ((metadata_mode = ANY (ARRAY['ask'::text, 'auto'::text]))),
  constraint identity_connection_once PRIMARY KEY (org_id, id),
  constraint identity_connection_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint identity_connection_preset_known CHECK ((preset = ANY (ARRAY['strict'::text, 'tolerant'::text, 'entra'::text, 'okta'::text, 'onelogin'::text, 'ping'::text, 'interop'::text]))),
  constraint identity_connection_provisioning_known CHECK ((provisioning = ANY (ARRAY['off'::text, 'existing'::text, 'create'::text]))),
  constraint identity_connection_saml_state_known CHECK ((saml_state = ANY (ARRAY['DRAFT'::text, 'TESTING'::text, 'ACTIVE'::text, 'DISABLED'::text]))),
  constraint identity_connection_scim_state_known CHECK ((scim_state = ANY (ARRAY['OFF'::text, 'PREVIEW'::text, 'ON'::text, 'PAUSED'::text]))),
  constraint identity_connection_settlement_known CHECK ((settlement = ANY (ARRAY['KEEP'::text, 'DEACTIVATE'::text]))),
  constraint identity_connection_signature_policy_known CHECK ((signature_policy = ANY (ARRAY['either'::text, 'assertion'::text, 'response'::text, 'both'::text]))),
  constraint identity_connection_skew_in_range CHECK (((skew_seconds >= 0) AND (skew_seconds <= 300))),
  constraint identity_connection_slo_binding_known CHECK ((slo_binding = ANY (ARRAY['REDIRECT'::text, 'POST'::text])))
);
CREATE INDEX identity_connection_by_creation ON public.identity_connection USING btree (org_id, created_at, id) WHERE (deleted_at IS NULL);
alter table identity_connection enable row level security, force row level security;
create policy tenant on identity_connection using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table idp_certificate (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  sha256 bytea not null,
  pem text not null,
  subject text not null,
  key_type text not null,
  key_bits integer not null,
  valid tstzrange not null,
  status text not null,
  created_at timestamp(3) with time zone not null,
  absent_since timestamp(3) with time zone,
  constraint idp_certificate_fingerprint_once UNIQUE (org_id, connection_id, sha256),
  constraint idp_certificate_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint idp_certificate_once PRIMARY KEY (org_id, id),
  constraint idp_certificate_status_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'LIVE'::text, 'RETIRED'::text, 'COMPROMISED'::text])))
);
alter table idp_certificate enable row level security, force row level security;
create policy tenant on idp_certificate using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table instance_setting (
  name text collate "C" not null,
  value jsonb not null,
  constraint instance_setting_once PRIMARY KEY (name)
);

create table invitation (
  org_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  secret_hash bytea not null,
  expires_at timestamp(3) with time zone not null,
  sent_at timestamp(3) with time zone not null,
  sent_day date not null,
  sends_of_day integer not null default 1,
  send_count integer not null default 1,
  invited_by uuid,
  status text not null,
  created_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  version bigint not null default 1,
  constraint invitation_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint invitation_once PRIMARY KEY (org_id, id),
  constraint invitation_secret_once UNIQUE (org_id, secret_hash),
  constraint invitation_status_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'ACCEPTED'::text, 'DECLINED'::text, 'REVOKED'::text])))
);
CREATE INDEX invitation_accepted ON public.invitation USING btree (org_id, member_id) WHERE (status = 'ACCEPTED'::text);
CREATE UNIQUE INDEX invitation_one_pending ON public.invitation USING btree (org_id, member_id) WHERE (status = 'PENDING'::text);
CREATE INDEX invitation_pending_by_time ON public.invitation USING btree (org_id, created_at, id) WHERE (status = 'PENDING'::text);
alter table invitation enable row level security, force row level security;
create policy tenant on invitation using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table licence_assignment (
  org_id uuid not null,
  id uuid not null,
  subscription_id uuid not null,
  kind text not null,
  member_id uuid not null,
  started_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  end_reason text,
  origin text not null,
  frozen boolean not null default false,
  constraint licence_assignment_end_has_reason CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
  constraint licence_assignment_end_reason_known CHECK ((end_reason = ANY (ARRAY['MANUAL'::text, 'REPLACED'::text, 'MEMBER_REMOVED'::text, 'SUSPENDED'::text, 'POOL_ENDED'::text, 'REVOKED_BY_CONTRACT'::text]))),
  constraint licence_assignment_ends_after_start CHECK ((ended_at >= started_at)),
  constraint licence_assignment_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint licence_assignment_of_pool FOREIGN KEY (org_id, subscription_id, kind) REFERENCES subscription(org_id, id, kind),
  constraint licence_assignment_once PRIMARY KEY (org_id, id),
  constraint licence_assignment_origin_known CHECK ((origin = ANY (ARRAY['DEFAULT'::text, 'MANUAL'::text, 'AUTO'::text, 'IMPORT'::text, 'SCIM'::text, 'SAML'::text])))
);
CREATE UNIQUE INDEX licence_assignment_once_per_pool ON public.licence_assignment USING btree (org_id, member_id, subscription_id) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX licence_assignment_one_service ON public.licence_assignment USING btree (org_id, member_id) WHERE ((ended_at IS NULL) AND (kind = 'SERVICE'::text));
CREATE INDEX licence_assignment_open_of_pool ON public.licence_assignment USING btree (org_id, subscription_id, member_id) WHERE (ended_at IS NULL);
alter table licence_assignment enable row level security, force row level security;
create policy tenant on licence_assignment using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table login_session (
  org_id uuid not null,
  id uuid not null,
  member_id uuid not null,
  secret_hash bytea not null,
  method text not null,
  connection_id uuid,
  name_id_key text collate "C",
  name_id jsonb,
  session_index text collate "C",
  auth_context text,
  auth_at timestamp(3) with time zone not null,
  idle_until timestamp(3) with time zone not null,
  ends_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  end_reason text,
  created_at timestamp(3) with time zone not null,
  constraint login_session_method_known CHECK ((method = ANY (ARRAY['LINK'::text, 'SAML'::text, 'BREAK_GLASS'::text]))),
  constraint login_session_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint login_session_once PRIMARY KEY (org_id, id),
  constraint login_session_secret_once UNIQUE (org_id, secret_hash)
);
CREATE INDEX login_session_open_of_connection ON public.login_session USING btree (org_id, connection_id, name_id_key) WHERE (ended_at IS NULL);
CREATE INDEX login_session_open_of_member ON public.login_session USING btree (org_id, member_id) WHERE (ended_at IS NULL);
alter table login_session enable row level security, force row level security;
create policy tenant on login_session using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table member (
  org_id uuid not null,
  id uuid not null,
  person_id uuid,
  status text not null,
  role text not null,
  origin text not null,
  user_name text not null,
  user_name_key text collate "C" not null,
  login_email text,
  login_email_norm text collate "C",
  formatted_name text,
  family_name text,
  given_name text,
  middle_name text,
  honorific_prefix text,
  honorific_suffix text,
  display_name text,
  name_key text collate "C" not null default ''::text,
  title text,
  preferred_language text,
  locale text,
  time_zone text,
  employee_number text,
  cost_center text,
  organization_name text,
  division text,
  department text,
  manager_ref text,
  scim_rest jsonb not null default '{}'::jsonb,
  managed_by uuid,
  free_place boolean not null default false,
  seat_snapshot jsonb,
  joined_at timestamp(3) with time zone,
  suspended_at timestamp(3) with time zone,
  removed_at timestamp(3) with time zone,
  purge_after timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  version bigint not null default 1,
  constraint member_once PRIMARY KEY (org_id, id),
  constraint member_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint member_origin_known CHECK ((origin = ANY (ARRAY['OWNER'::text, 'INVITATION'::text, 'SCIM'::text, 'SAML'::text, 'IMPORT'::text, 'OPERATOR'::text]))),
  constraint member_owner_is_active CHECK (((role <> 'OWNER'::text) OR (status = 'ACTIVE'::text))),
  constraint member_removed_has_date CHECK (((status = 'REMOVED'::text) = (removed_at IS NOT NULL))),
  constraint member_role_known CHECK ((role = ANY (ARRAY['OWNER'::text, 'ADMIN'::text, 'MEMBER'::text]))),
  constraint member_status_known CHECK ((status = ANY (ARRAY['INVITED'::text, 'ACTIVE'::text, 'SUSPENDED'::text, 'REMOVED'::text])))
);
CREATE INDEX member_by_creation ON public.member USING btree (org_id, created_at, id) WHERE (status <> 'REMOVED'::text);
CREATE INDEX member_by_manager ON public.member USING btree (org_id, manager_ref) WHERE (manager_ref IS NOT NULL);
CREATE INDEX member_by_name ON public.member USING btree (org_id, name_key, id) WHERE (status <> 'REMOVED'::text);
CREATE INDEX member_by_status ON public.member USING btree (org_id, status, created_at, id);
CREATE UNIQUE INDEX member_login_email_once ON public.member USING btree (org_id, login_email_norm) WHERE ((status <> 'REMOVED'::text) AND (login_email_norm IS NOT NULL));
CREATE UNIQUE INDEX member_person_once ON public.member USING btree (org_id, person_id) WHERE ((status <> 'REMOVED'::text) AND (person_id IS NOT NULL));
CREATE UNIQUE INDEX member_user_name_once ON public.member USING btree (org_id, user_name_key) WHERE (status <> 'REMOVED'::text);
alter table member enable row level security, force row level security;
create policy tenant on member using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table member_group (
  org_id uuid not null,
  id uuid not null,
  display_name text not null,
  name_key text collate "C" not null,
  member_count integer not null default 0,
  managed_by uuid,
  deleted_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  version bigint not null default 1,
  rules integer not null default 0,
  constraint member_group_count_not_negative CHECK ((member_count >= 0)),
  constraint member_group_once PRIMARY KEY (org_id, id),
  constraint member_group_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id)
);
CREATE INDEX member_group_by_creation ON public.member_group USING btree (org_id, created_at, id) WHERE (deleted_at IS NULL);
CREATE UNIQUE INDEX member_group_name_once ON public.member_group USING btree (org_id, name_key) WHERE (deleted_at IS NULL);
alter table member_group enable row level security, force row level security;
create policy tenant on member_group using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table member_value (
  org_id uuid not null,
  member_id uuid not null,
  attribute text collate "C" not null,
  ordinal integer not null,
  type text,
  value text,
  value_key text collate "C",
  is_primary boolean not null default false,
  detail jsonb,
  constraint member_value_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id) ON DELETE CASCADE,
  constraint member_value_once PRIMARY KEY (org_id, member_id, attribute, ordinal)
);
CREATE INDEX member_value_by_key ON public.member_value USING btree (org_id, attribute, value_key);
CREATE UNIQUE INDEX member_value_one_primary ON public.member_value USING btree (org_id, member_id, attribute) WHERE is_primary;
alter table member_value enable row level security, force row level security;
create policy tenant on member_value using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table notice_sent (
  org_id uuid not null,
  subject_id uuid not null,
  threshold text collate "C" not null,
  sent_at timestamp(3) with time zone not null,
  constraint notice_sent_once PRIMARY KEY (org_id, subject_id, threshold)
);
alter table notice_sent enable row level security, force row level security;
create policy tenant on notice_sent using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table oauth_assertion (
  org_id uuid not null,
  client_id uuid not null,
  jti_hash bytea not null,
  expires_at timestamp(3) with time zone not null,
  constraint oauth_assertion_of_client FOREIGN KEY (org_id, client_id) REFERENCES oauth_client(org_id, id),
  constraint oauth_assertion_once PRIMARY KEY (org_id, client_id, jti_hash)
);
CREATE INDEX oauth_assertion_expired ON public.oauth_assertion USING btree (org_id, expires_at);
alter table oauth_assertion enable row level security, force row level security;
create policy tenant on oauth_assertion using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table oauth_client (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  client_id text collate "C" not null,
  secret_hash bytea,
  jwks jsonb,
  scopes jsonb not null default '["scim.read", "scim.write"]'::jsonb,
  revoked_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  name text not null default ''::text,
  ip_allow jsonb not null default '[]'::jsonb,
  old_secret_hash bytea,
  old_secret_until timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone,
  constraint oauth_client_id_once UNIQUE (org_id, client_id),
  constraint oauth_client_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint oauth_client_once PRIMARY KEY (org_id, id)
);
alter table oauth_client enable row level security, force row level security;
create policy tenant on oauth_client using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table organization (
  org_id uuid not null,
  name text not null,
  slug text collate "C" not null,
  kind text not null default 'CUSTOMER'::text,
  parent_org_id uuid,
  status text not null default 'ACTIVE'::text,
  locale text not null,
  time_zone text not null,
  currency text not null,
  owners integer not null,
  free_member_limit integer,
  free_member_used integer not null default 0,
  seat_policy text not null default 'refuse'::text,
  expand_ceiling integer,
  collection_mode text not null default 'IMMEDIATE'::text,
  sso_policy text not null default 'OFF'::text,
  sso_paused boolean not null default false,
  authz_version bigint not null default 1,
  onboarding_dismissed boolean not null default false,
  test_now timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  version bigint not null default 1,
  break_glass_owners integer not null default 0,
  constraint organization_break_glass_in_range CHECK (((break_glass_owners >= 0) AND (break_glass_owners <= 3))),
  constraint organization_collection_mode_known CHECK ((collection_mode = ANY (ARRAY['IMMEDIATE'::text, 'NEXT_INVOICE'::text]))),
  constraint organization_currency_shape CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint organization_free_members_within_limit CHECK (((free_member_used >= 0) AND ((free_member_limit IS NULL) OR (free_member_used <= free_member_limit)))),
  constraint organization_keeps_an_owner CHECK ((owners >= 1)),
  constraint organization_kind_known CHECK ((kind = ANY (ARRAY['CUSTOMER'::text, 'CHILD'::text, 'PARTNER'::text, 'SHADOW'::text]))),
  constraint organization_locale_known CHECK ((locale = ANY (ARRAY['fr'::text, 'en'::text]))),
  constraint organization_once PRIMARY KEY (org_id),
  constraint organization_parent_of_child CHECK (((kind = ANY (ARRAY['CHILD'::text, 'SHADOW'::text])) = (parent_org_id IS NOT NULL))),
  constraint organization_seat_policy_known CHECK ((seat_policy = ANY (ARRAY['refuse'::text, 'waitlist'::text, 'expand'::text, 'free'::text]))),
  constraint organization_sso_policy_known CHECK ((sso_policy = ANY (ARRAY['OFF'::text, 'OPTIONAL'::text, 'REQUIRED'::text]))),
  constraint organization_status_known CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'SUSPENDED'::text, 'CLOSING'::text, 'CLOSED'::text])))
);
alter table organization enable row level security, force row level security;
create policy tenant on organization using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table organization_entitlement (
  org_id uuid not null,
  feature text collate "C" not null,
  kind text not null,
  value bigint not null,
  sources jsonb not null,
  constraint organization_entitlement_kind_known CHECK ((kind = ANY (ARRAY['BOOL'::text, 'LIMIT'::text]))),
  constraint organization_entitlement_once PRIMARY KEY (org_id, feature),
  constraint organization_entitlement_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id)
);
alter table organization_entitlement enable row level security, force row level security;
create policy tenant on organization_entitlement using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table outgoing_mail (
  id uuid not null,
  org_id uuid,
  event_id uuid,
  recipient text not null,
  subject text not null,
  text_body text not null,
  html_body text not null,
  created_at timestamp(3) with time zone not null,
  sent_at timestamp(3) with time zone,
  attempts integer not null default 0,
  next_attempt_at timestamp(3) with time zone not null default '-infinity'::timestamp with time zone,
  constraint outgoing_mail_once PRIMARY KEY (id)
);
CREATE INDEX outgoing_mail_by_time ON public.outgoing_mail USING btree (created_at);
CREATE UNIQUE INDEX outgoing_mail_of_event ON public.outgoing_mail USING btree (event_id, recipient) WHERE (event_id IS NOT NULL);
CREATE INDEX outgoing_mail_unsent ON public.outgoing_mail USING btree (next_attempt_at) WHERE (sent_at IS NULL);

create table path_redirect (
  org_id uuid not null,
  member_id uuid not null,
  old_slug text collate "C" not null,
  event_type_id uuid not null,
  created_at timestamp(3) with time zone not null,
  constraint path_redirect_of_event_type FOREIGN KEY (org_id, event_type_id) REFERENCES event_type(org_id, id),
  constraint path_redirect_once PRIMARY KEY (org_id, member_id, old_slug)
);
alter table path_redirect enable row level security, force row level security;
create policy tenant on path_redirect using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table person (
  id uuid not null,
  locale text not null,
  status text not null default 'ACTIVE'::text,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  constraint person_locale_known CHECK ((locale = ANY (ARRAY['fr'::text, 'en'::text]))),
  constraint person_once PRIMARY KEY (id),
  constraint person_status_known CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'LOCKED'::text])))
);

create table person_credential (
  person_id uuid not null,
  id uuid not null,
  org_id uuid not null,
  kind text not null,
  label text not null,
  external_id text collate "C",
  public_key bytea,
  sign_count bigint not null default 0,
  transports jsonb not null default '[]'::jsonb,
  secret_enc bytea,
  secret_hash bytea,
  last_step bigint not null default 0,
  confirmed_at timestamp(3) with time zone,
  used_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  constraint person_credential_kind_known CHECK ((kind = ANY (ARRAY['PASSKEY'::text, 'TOTP'::text, 'RECOVERY'::text]))),
  constraint person_credential_once PRIMARY KEY (person_id, id),
  constraint person_credential_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
);
CREATE UNIQUE INDEX person_credential_external_once ON public.person_credential USING btree (org_id, external_id) WHERE (external_id IS NOT NULL);
CREATE INDEX person_credential_of_organization ON public.person_credential USING btree (org_id, person_id);

create table person_email (
  email_norm text collate "C" not null,
  person_id uuid not null,
  as_given text not null,
  verified_at timestamp(3) with time zone not null,
  constraint person_email_once PRIMARY KEY (email_norm),
  constraint person_email_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
);
CREATE INDEX person_email_of_person ON public.person_email USING btree (person_id);

create table person_member (
  person_id uuid not null,
  org_id uuid not null,
  member_id uuid not null,
  created_at timestamp(3) with time zone not null,
  constraint person_member_once PRIMARY KEY (person_id, org_id),
  constraint person_member_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
);

create table plan (
  code text collate "C" not null,
  kind text not null,
  section text not null,
  edition text,
  family text not null,
  tier_rank integer not null,
  is_free boolean not null,
  active boolean not null default true,
  name_fr text not null,
  name_en text not null,
  constraint plan_edition_known CHECK ((edition = ANY (ARRAY['HUB'::text, 'HYBRID'::text]))),
  constraint plan_family_known CHECK ((family = ANY (ARRAY['LIVE'::text, 'AUTOMATED'::text]))),
  constraint plan_kind_known CHECK ((kind = ANY (ARRAY['SERVICE'::text, 'OPTION'::text]))),
  constraint plan_once PRIMARY KEY (code),
  constraint plan_section_known CHECK ((section = ANY (ARRAY['SERVICE'::text, 'OPTION'::text, 'APPLICATION'::text, 'CUSTOM'::text])))
);

create table plan_feature (
  plan_code text collate "C" not null,
  feature text collate "C" not null,
  kind text not null,
  value bigint not null,
  constraint plan_feature_kind_known CHECK ((kind = ANY (ARRAY['BOOL'::text, 'LIMIT'::text]))),
  constraint plan_feature_once PRIMARY KEY (plan_code, feature),
  constraint plan_feature_plan_code_fkey FOREIGN KEY (plan_code) REFERENCES plan(code)
);

create table plan_option (
  service_code text collate "C" not null,
  option_code text collate "C" not null,
  constraint plan_option_once PRIMARY KEY (service_code, option_code),
  constraint plan_option_option_code_fkey FOREIGN KEY (option_code) REFERENCES plan(code),
  constraint plan_option_service_code_fkey FOREIGN KEY (service_code) REFERENCES plan(code)
);

create table plan_price (
  id uuid not null,
  plan_code text collate "C" not null,
  billing_mode text not null,
  cycle_kind text not null,
  currency text not null,
  unit_amount numeric(20,10) not null,
  proration text not null,
  valid tstzrange not null,
  constraint plan_price_currency_shape CHECK ((currency ~ '^[A-Z]{3}$'::text)),
  constraint plan_price_cycle_known CHECK ((cycle_kind = ANY (ARRAY['CALENDAR_MONTH'::text, 'CALENDAR_YEAR'::text, 'DAYS_30'::text, 'DAYS_365'::text, 'PREPAID_12_MONTHS'::text, 'PREPAID_36_MONTHS'::text, 'PREPAID_60_MONTHS'::text]))),
  constraint plan_price_mode_known CHECK ((billing_mode = ANY (ARRAY['MONTHLY'::text, 'ANNUAL'::text, 'PREPAID_12'::text, 'PREPAID_36'::text, 'PREPAID_60'::text]))),
  constraint plan_price_not_negative CHECK ((unit_amount >= (0)::numeric)),
  constraint plan_price_once PRIMARY KEY (id),
  constraint plan_price_one_at_a_time EXCLUDE USING gist (plan_code WITH =, billing_mode WITH =, currency WITH =, valid WITH &&),
  constraint plan_price_plan_code_fkey FOREIGN KEY (plan_code) REFERENCES plan(code),
  constraint plan_price_proration_known CHECK ((proration = ANY (ARRAY['DAYS'::text, 'FULL_MONTHS'::text, 'NONE'::text])))
);

create table provisioning_entry (
  org_id uuid not null,
  at timestamp(3) with time zone not null,
  id uuid not null,
  connection_id uuid not null,
  token_id uuid,
  token_name text,
  method text not null,
  path text not null,
  resource_kind text,
  resource_id uuid,
  request_enc bytea,
  status integer not null,
  scim_type text,
  detail text,
  coercions jsonb not null default '[]'::jsonb,
  warnings jsonb not null default '[]'::jsonb,
  diff jsonb,
  seat_effect text,
  duration_ms integer not null,
  user_agent text,
  request_id text not null,
  replay_of uuid,
  run_id uuid,
  preview_id uuid,
  constraint provisioning_entry_once PRIMARY KEY (org_id, at, id)
) partition by RANGE (at);
CREATE INDEX provisioning_entry_by_connection ON ONLY public.provisioning_entry USING btree (org_id, connection_id, at, id);
CREATE INDEX provisioning_entry_by_id ON ONLY public.provisioning_entry USING btree (org_id, id);
CREATE INDEX provisioning_entry_by_resource ON ONLY public.provisioning_entry USING btree (org_id, resource_id, at, id);
CREATE INDEX provisioning_entry_of_preview ON ONLY public.provisioning_entry USING btree (org_id, preview_id, at, id) WHERE (preview_id IS NOT NULL);
CREATE INDEX provisioning_entry_replays ON ONLY public.provisioning_entry USING btree (org_id, replay_of) WHERE (replay_of IS NOT NULL);
alter table provisioning_entry enable row level security, force row level security;
create policy tenant on provisioning_entry using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table provisioning_link (
  org_id uuid not null,
  connection_id uuid not null,
  kind text not null,
  resource_id uuid not null,
  external_id text collate "C",
  owned_fields jsonb not null default '[]'::jsonb,
  first_seen_at timestamp(3) with time zone not null,
  last_seen_at timestamp(3) with time zone not null,
  constraint provisioning_link_kind_known CHECK ((kind = ANY (ARRAY['MEMBER'::text, 'GROUP'::text]))),
  constraint provisioning_link_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint provisioning_link_once PRIMARY KEY (org_id, connection_id, kind, resource_id)
);
CREATE INDEX provisioning_link_by_external_id ON public.provisioning_link USING btree (org_id, external_id, connection_id, kind) WHERE (external_id IS NOT NULL);
alter table provisioning_link enable row level security, force row level security;
create policy tenant on provisioning_link using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table provisioning_preview (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  state text not null,
  resume_state text not null,
  members integer not null default 0,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  erased_at timestamp(3) with time zone,
  constraint provisioning_preview_end_has_date CHECK (((state = ANY (ARRAY['APPLIED'::text, 'DISCARDED'::text])) = (ended_at IS NOT NULL))),
  constraint provisioning_preview_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint provisioning_preview_once PRIMARY KEY (org_id, id),
  constraint provisioning_preview_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint provisioning_preview_resume_known CHECK ((resume_state = ANY (ARRAY['OFF'::text, 'ON'::text, 'PAUSED'::text]))),
  constraint provisioning_preview_state_known CHECK ((state = ANY (ARRAY['COPYING'::text, 'OPEN'::text, 'APPLYING'::text, 'APPLIED'::text, 'DISCARDED'::text])))
);
CREATE UNIQUE INDEX provisioning_preview_one_open ON public.provisioning_preview USING btree (org_id, connection_id) WHERE (ended_at IS NULL);
CREATE INDEX provisioning_preview_unfinished ON public.provisioning_preview USING btree (org_id, created_at) WHERE ((state = 'APPLYING'::text) OR ((ended_at IS NOT NULL) AND (erased_at IS NULL)));
alter table provisioning_preview enable row level security, force row level security;
create policy tenant on provisioning_preview using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table provisioning_run (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  started_at timestamp(3) with time zone not null,
  ends_at timestamp(3) with time zone not null,
  baseline integer not null,
  hits integer not null,
  state text not null,
  updated_at timestamp(3) with time zone not null,
  threshold integer not null default 0,
  alerted_at timestamp(3) with time zone,
  decided_at timestamp(3) with time zone,
  constraint provisioning_run_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint provisioning_run_once PRIMARY KEY (org_id, id),
  constraint provisioning_run_state_known CHECK ((state = ANY (ARRAY['WATCHING'::text, 'ALERTED'::text, 'BLOCKED'::text, 'APPROVED'::text, 'UNDONE'::text])))
);
CREATE INDEX provisioning_run_by_connection ON public.provisioning_run USING btree (org_id, connection_id, started_at);
CREATE UNIQUE INDEX provisioning_run_one_watching ON public.provisioning_run USING btree (org_id, connection_id) WHERE (state = 'WATCHING'::text);
alter table provisioning_run enable row level security, force row level security;
create policy tenant on provisioning_run using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table provisioning_undo (
  org_id uuid not null,
  run_id uuid not null,
  member_id uuid not null,
  before jsonb not null,
  undone_at timestamp(3) with time zone,
  at timestamp(3) with time zone not null,
  outcome text,
  constraint provisioning_undo_of_run FOREIGN KEY (org_id, run_id) REFERENCES provisioning_run(org_id, id),
  constraint provisioning_undo_once PRIMARY KEY (org_id, run_id, member_id),
  constraint provisioning_undo_outcome_known CHECK ((outcome = ANY (ARRAY['RESTORED'::text, 'WAITING'::text, 'NAME_TAKEN'::text, 'CHANGED_SINCE'::text, 'GONE'::text])))
);
CREATE INDEX provisioning_undo_in_time ON public.provisioning_undo USING btree (org_id, run_id, at);
alter table provisioning_undo enable row level security, force row level security;
create policy tenant on provisioning_undo using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table rate_window (
  key_hash bytea not null,
  starts_at timestamp(3) with time zone not null,
  hits integer not null,
  constraint rate_window_once PRIMARY KEY (key_hash, starts_at)
);
CREATE INDEX rate_window_old ON public.rate_window USING btree (starts_at);

create table role_grant (
  org_id uuid not null,
  member_id uuid not null,
  role text not null,
  scope_id uuid not null,
  source text not null,
  constraint role_grant_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint role_grant_once PRIMARY KEY (org_id, member_id, role, scope_id),
  constraint role_grant_role_known CHECK ((role = ANY (ARRAY['GROUP_ADMIN'::text, 'BRAND_MANAGER'::text, 'SITE_MANAGER'::text]))),
  constraint role_grant_source_known CHECK ((source = ANY (ARRAY['MANUAL'::text, 'GROUP'::text, 'SAML'::text])))
);
alter table role_grant enable row level security, force row level security;
create policy tenant on role_grant using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table saml_test_run (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  started_by uuid not null,
  report jsonb not null,
  response_enc bytea,
  created_at timestamp(3) with time zone not null,
  purge_after timestamp(3) with time zone not null,
  passed boolean not null default false,
  constraint saml_test_run_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint saml_test_run_once PRIMARY KEY (org_id, id)
);
alter table saml_test_run enable row level security, force row level security;
create policy tenant on saml_test_run using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table schema_migration (
  name text collate "C" not null,
  checksum text not null,
  applied_at timestamp(3) with time zone not null,
  constraint schema_migration_once PRIMARY KEY (name)
);

create table scim_token (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  name text not null,
  kind text not null,
  secret_hash bytea not null,
  scopes jsonb not null,
  ip_allow jsonb not null default '[]'::jsonb,
  expires_at timestamp(3) with time zone,
  last_used_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone not null,
  client_id uuid,
  constraint scim_token_kind_known CHECK ((kind = ANY (ARRAY['STATIC'::text, 'OAUTH'::text]))),
  constraint scim_token_of_client FOREIGN KEY (org_id, client_id) REFERENCES oauth_client(org_id, id) NOT VALID,
  constraint scim_token_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint scim_token_once PRIMARY KEY (org_id, id),
  constraint scim_token_secret_once UNIQUE (org_id, secret_hash)
);
CREATE INDEX scim_token_by_client ON public.scim_token USING btree (org_id, client_id) WHERE (client_id IS NOT NULL);
alter table scim_token enable row level security, force row level security;
create policy tenant on scim_token using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table seat_wait (
  org_id uuid not null,
  member_id uuid not null,
  plan_code text collate "C",
  asked_at timestamp(3) with time zone not null,
  source text not null,
  constraint seat_wait_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint seat_wait_once PRIMARY KEY (org_id, member_id)
);
CREATE INDEX seat_wait_in_order ON public.seat_wait USING btree (org_id, asked_at, member_id);
alter table seat_wait enable row level security, force row level security;
create policy tenant on seat_wait using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table sign_in_link (
  secret_hash bytea not null,
  person_id uuid not null,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  used_at timestamp(3) with time zone,
  address_hash bytea,
  constraint sign_in_link_once PRIMARY KEY (secret_hash),
  constraint sign_in_link_person_id_fkey FOREIGN KEY (person_id) REFERENCES person(id)
);
CREATE INDEX sign_in_link_expired ON public.sign_in_link USING btree (expires_at);
CREATE INDEX sign_in_link_of_address ON public.sign_in_link USING btree (address_hash, created_at) WHERE (address_hash IS NOT NULL);
CREATE INDEX sign_in_link_of_person ON public.sign_in_link USING btree (person_id, created_at);

create table sp_key (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  use text not null,
  status text not null,
  certificate text not null,
  private_key_enc bytea not null,
  valid tstzrange not null,
  created_at timestamp(3) with time zone not null,
  constraint sp_key_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint sp_key_once PRIMARY KEY (org_id, id),
  constraint sp_key_status_known CHECK ((status = ANY (ARRAY['NEXT'::text, 'PUBLISHED'::text, 'ACTIVE'::text, 'RETIRED'::text]))),
  constraint sp_key_use_known CHECK ((use = ANY (ARRAY['SIGNING'::text, 'ENCRYPTION'::text])))
);
CREATE UNIQUE INDEX sp_key_one_active ON public.sp_key USING btree (org_id, connection_id, use) WHERE (status = 'ACTIVE'::text);
alter table sp_key enable row level security, force row level security;
create policy tenant on sp_key using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table sso_exemption (
  org_id uuid not null,
  kind text not null,
  subject_id uuid not null,
  created_at timestamp(3) with time zone not null,
  constraint sso_exemption_kind_known CHECK ((kind = ANY (ARRAY['BREAK_GLASS'::text, 'PERSON'::text, 'GUESTS'::text, 'API_TOKENS'::text]))),
  constraint sso_exemption_once PRIMARY KEY (org_id, kind, subject_id),
  constraint sso_exemption_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id)
);
alter table sso_exemption enable row level security, force row level security;
create policy tenant on sso_exemption using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table sso_identity (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  idp_entity_id text collate "C" not null,
  name_id_format text collate "C" not null,
  name_id_key text collate "C" not null,
  member_id uuid not null,
  blocked boolean not null default false,
  created_at timestamp(3) with time zone not null,
  last_used_at timestamp(3) with time zone,
  constraint sso_identity_key_once UNIQUE (org_id, connection_id, idp_entity_id, name_id_format, name_id_key),
  constraint sso_identity_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id),
  constraint sso_identity_once PRIMARY KEY (org_id, id)
);
CREATE INDEX sso_identity_of_member_index ON public.sso_identity USING btree (org_id, member_id);
alter table sso_identity enable row level security, force row level security;
create policy tenant on sso_identity using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table sso_link (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  member_id uuid not null,
  policy text not null,
  status text not null,
  idp_entity_id text collate "C" not null,
  name_id_format text collate "C" not null,
  name_id_key text collate "C" not null,
  email_norm text collate "C" not null,
  browser_hash bytea not null,
  return_path text not null,
  proof_hash bytea,
  letters integer not null default 0,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  decided_at timestamp(3) with time zone,
  constraint sso_link_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint sso_link_of_member FOREIGN KEY (org_id, member_id) REFERENCES member(org_id, id) ON DELETE CASCADE,
  constraint sso_link_once PRIMARY KEY (org_id, id),
  constraint sso_link_policy_known CHECK ((policy = ANY (ARRAY['CONFIRM'::text, 'ADMIN'::text]))),
  constraint sso_link_status_known CHECK ((status = ANY (ARRAY['WAITING'::text, 'LINKED'::text, 'REJECTED'::text])))
);
CREATE INDEX sso_link_by_creation ON public.sso_link USING btree (org_id, created_at, id);
CREATE INDEX sso_link_expired ON public.sso_link USING btree (org_id, expires_at);
CREATE INDEX sso_link_of_member_index ON public.sso_link USING btree (org_id, member_id);
CREATE UNIQUE INDEX sso_link_one_open ON public.sso_link USING btree (org_id, connection_id, idp_entity_id, name_id_format, name_id_key) WHERE (status <> 'LINKED'::text);
alter table sso_link enable row level security, force row level security;
create policy tenant on sso_link using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table sso_outcome (
  org_id uuid not null,
  code_hash bytea not null,
  connection_id uuid not null,
  request_id uuid,
  facts_enc bytea not null,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  used_at timestamp(3) with time zone,
  browser_hash bytea,
  constraint sso_outcome_once PRIMARY KEY (org_id, code_hash)
);
CREATE INDEX sso_outcome_expired ON public.sso_outcome USING btree (org_id, expires_at);
alter table sso_outcome enable row level security, force row level security;
create policy tenant on sso_outcome using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table sso_replay (
  org_id uuid not null,
  connection_id uuid not null,
  assertion_hash bytea not null,
  expires_at timestamp(3) with time zone not null,
  constraint sso_replay_once PRIMARY KEY (org_id, connection_id, assertion_hash)
);
CREATE INDEX sso_replay_expired ON public.sso_replay USING btree (org_id, expires_at);
alter table sso_replay enable row level security, force row level security;
create policy tenant on sso_replay using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table sso_request (
  org_id uuid not null,
  id uuid not null,
  connection_id uuid not null,
  request_id text collate "C" not null,
  relay_state text collate "C" not null,
  purpose text not null,
  browser_hash bytea not null,
  return_path text not null,
  started_by uuid,
  status text not null,
  failures integer not null default 0,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  constraint sso_request_id_once UNIQUE (org_id, connection_id, request_id),
  constraint sso_request_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint sso_request_once PRIMARY KEY (org_id, id),
  constraint sso_request_purpose_known CHECK ((purpose = ANY (ARRAY['LOGIN'::text, 'TEST'::text, 'REAUTH'::text, 'LINK'::text, 'LOGOUT'::text]))),
  constraint sso_request_status_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'CONSUMED'::text, 'BURNT'::text])))
);
CREATE INDEX sso_request_expired ON public.sso_request USING btree (org_id, expires_at);
alter table sso_request enable row level security, force row level security;
create policy tenant on sso_request using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table subscription (
  org_id uuid not null,
  id uuid not null,
  plan_code text collate "C" not null,
  kind text not null,
  section text not null,
  source text not null,
  contract_link_id uuid,
  quantity integer not null,
  next_quantity integer,
  target_quantity integer,
  used integer not null default 0,
  next_plan_code text collate "C",
  status text not null,
  cancel_at timestamp(3) with time zone,
  billing_mode text not null,
  cycle_kind text not null,
  billing_zone text not null,
  anchor timestamp(3) with time zone not null,
  period tstzrange not null,
  term_end timestamp(3) with time zone,
  renewal_mode text not null,
  next_renewal_at timestamp(3) with time zone,
  is_default boolean not null default false,
  price_snapshot jsonb not null,
  po_number text,
  created_at timestamp(3) with time zone not null,
  updated_at timestamp(3) with time zone not null,
  version bigint not null default 1,
  constraint subscription_billing_mode_known CHECK ((billing_mode = ANY (ARRAY['MONTHLY'::text, 'ANNUAL'::text, 'PREPAID_12'::text, 'PREPAID_36'::text, 'PREPAID_60'::text]))),
  constraint subscription_cycle_known CHECK ((cycle_kind = ANY (ARRAY['CALENDAR_MONTH'::text, 'CALENDAR_YEAR'::text, 'DAYS_30'::text, 'DAYS_365'::text, 'PREPAID_12_MONTHS'::text, 'PREPAID_36_MONTHS'::text, 'PREPAID_60_MONTHS'::text]))),
  constraint subscription_default_is_service CHECK (((NOT is_default) OR (kind = 'SERVICE'::text))),
  constraint subscription_kind_known CHECK ((kind = ANY (ARRAY['SERVICE'::text, 'OPTION'::text]))),
  constraint subscription_kind_once UNIQUE (org_id, id, kind),
  constraint subscription_next_plan_code_fkey FOREIGN KEY (next_plan_code) REFERENCES plan(code),
  constraint subscription_once PRIMARY KEY (org_id, id),
  constraint subscription_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint subscription_period_is_half_open CHECK (((NOT isempty(period)) AND lower_inc(period) AND (NOT upper_inc(period)))),
  constraint subscription_plan_code_fkey FOREIGN KEY (plan_code) REFERENCES plan(code),
  constraint subscription_quantity_not_negative CHECK (((quantity >= 0) AND (COALESCE(next_quantity, 0) >= 0))),
  constraint subscription_renewal_mode_known CHECK ((renewal_mode = ANY (ARRAY['NONE'::text, 'ONCE'::text, 'ALWAYS'::text, 'TO_MONTHLY'::text]))),
  constraint subscription_section_known CHECK ((section = ANY (ARRAY['SERVICE'::text, 'OPTION'::text, 'APPLICATION'::text, 'CUSTOM'::text]))),
  constraint subscription_source_known CHECK ((source = ANY (ARRAY['DIRECT'::text, 'PARTNER'::text, 'CONTRACT'::text, 'PARENT'::text, 'GRANT'::text]))),
  constraint subscription_status_known CHECK ((status = ANY (ARRAY['PENDING_PAYMENT'::text, 'ACTIVE'::text, 'PAST_DUE'::text, 'SUSPENDED'::text, 'FROZEN'::text, 'ENDED'::text]))),
  constraint subscription_used_within_quantity CHECK (((used >= 0) AND (used <= LEAST(quantity, COALESCE(next_quantity, quantity)))))
);
CREATE INDEX subscription_by_plan ON public.subscription USING btree (org_id, plan_code, id) WHERE (status <> 'ENDED'::text);
CREATE UNIQUE INDEX subscription_one_default ON public.subscription USING btree (org_id) WHERE (is_default AND (status <> 'ENDED'::text));
alter table subscription enable row level security, force row level security;
create policy tenant on subscription using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));

create table verified_domain (
  org_id uuid not null,
  id uuid not null,
  domain text collate "C" not null,
  proof text not null,
  status text not null,
  verified_by text,
  verified_at timestamp(3) with time zone,
  checked_at timestamp(3) with time zone,
  failures integer not null default 0,
  subdomains boolean not null default false,
  connection_id uuid,
  created_at timestamp(3) with time zone not null,
  lapsed_at timestamp(3) with time zone,
  constraint verified_domain_name_once UNIQUE (org_id, domain),
  constraint verified_domain_of_connection FOREIGN KEY (org_id, connection_id) REFERENCES identity_connection(org_id, id),
  constraint verified_domain_once PRIMARY KEY (org_id, id),
  constraint verified_domain_org_id_fkey FOREIGN KEY (org_id) REFERENCES organization(org_id),
  constraint verified_domain_proof_known CHECK ((verified_by = ANY (ARRAY['DNS'::text, 'OPERATOR'::text]))),
  constraint verified_domain_status_known CHECK ((status = ANY (ARRAY['PENDING'::text, 'VERIFIED'::text, 'LAPSED'::text])))
);
alter table verified_domain enable row level security, force row level security;
create policy tenant on verified_domain using ((org_id = ( SELECT app_org_id() AS app_org_id))) with check ((org_id = ( SELECT app_org_id() AS app_org_id)));
