-- Whoever asks for a sign-in link under an address that nobody has gets the same work done as everybody: a link of
-- nobody, and a letter that is never sent (SAML-77, SAML-A91). Limits are counted by address, so that they are the same
-- as well.
insert into person (id, locale, status, created_at, updated_at)
values ('00000000-0000-7000-8000-000000000000', 'en', 'LOCKED', now(), now());
alter table sign_in_link add column address_hash bytea;
create index sign_in_link_of_address on sign_in_link (address_hash, created_at) where address_hash is not null;
