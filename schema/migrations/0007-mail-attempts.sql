-- A mail that a server refuses must neither be sent twice by two workers nor hold up the mails behind it.
alter table outgoing_mail
  add column attempts integer not null default 0,
  add column next_attempt_at timestamptz(3) not null default '-infinity';
create index outgoing_mail_unsent on outgoing_mail (next_attempt_at) where sent_at is null;
