-- One catalogue as data (ruling b12): the source pages name plans and features but no prices.
insert into plan (code, kind, section, family, tier_rank, is_free, name_fr, name_en) values
  ('free',       'SERVICE', 'SERVICE', 'LIVE',      0, true,  'Gratuit',            'Free'),
  ('teams',      'SERVICE', 'SERVICE', 'LIVE',      1, false, 'Équipes',            'Teams'),
  ('enterprise', 'SERVICE', 'SERVICE', 'AUTOMATED', 2, false, 'Entreprise',         'Enterprise'),
  ('recording',  'OPTION',  'OPTION',  'LIVE',      0, false, 'Enregistrement',     'Recording'),
  ('attendant',  'OPTION',  'OPTION',  'LIVE',      0, false, 'Poste d''accueil',   'Attendant');

insert into plan_option (service_code, option_code) values
  ('teams', 'recording'), ('enterprise', 'recording'), ('enterprise', 'attendant');

insert into plan_feature (plan_code, feature, kind, value) values
  ('free',       'responses_per_event_type', 'LIMIT', 100),
  ('teams',      'crm',                      'BOOL',  1),
  ('teams',      'managed_event_types',      'BOOL',  1),
  ('teams',      'group_events',             'BOOL',  1),
  ('enterprise', 'crm',                      'BOOL',  1),
  ('enterprise', 'managed_event_types',      'BOOL',  1),
  ('enterprise', 'group_events',             'BOOL',  1),
  ('enterprise', 'certificates',             'BOOL',  1),
  ('enterprise', 'sso',                      'BOOL',  1);

insert into plan_price (id, plan_code, billing_mode, cycle_kind, currency, unit_amount, proration, valid)
select gen_random_uuid(), code, mode, cycle, currency, amount, 'DAYS', tstzrange('2020-01-01', null, '[)')
from (values
  ('free',       0.00,   0.00),
  ('teams',     12.00, 120.00),
  ('enterprise', 20.00, 200.00),
  ('recording',  5.00,  50.00),
  ('attendant',  9.00,  90.00)
) as price (code, monthly, annual)
cross join lateral (values
  ('MONTHLY', 'CALENDAR_MONTH', monthly),
  ('ANNUAL',  'CALENDAR_YEAR',  annual)
) as mode (mode, cycle, amount)
cross join (values ('EUR'), ('USD'), ('GBP'), ('CHF')) as money (currency);
