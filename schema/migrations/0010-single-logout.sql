-- A logout that waits for its answer stands beside the sign-ins that do (SAML-90).
alter table sso_request
  drop constraint sso_request_purpose_known,
  add constraint sso_request_purpose_known check (purpose in ('LOGIN', 'TEST', 'REAUTH', 'LINK', 'LOGOUT'));

-- The browser that was shown an unsolicited sign-in and asked whether to go on (SAML-56).
alter table sso_outcome add column browser_hash bytea;
