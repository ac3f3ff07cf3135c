-- A claim takes its line off the due times; the lease is how a line comes back whose worker was lost.
create index agenda_leased on agenda (lease_until) where lease_until is not null;
