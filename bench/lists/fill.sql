-- A provider of 10,000 mailboxes. Organisation 1 of `bench` has 60 of the 300 domains, the others 4 or 5 each; organisation 2 is
-- a reseller's, whose customers are the next 28. People's own logins, histories and mails are spread over all of them.
INSERT INTO directory_organisation (name, created_at)
SELECT 'bench ' || lpad(n::text, 2, '0'), now() FROM generate_series(1, 60) n;
UPDATE directory_organisation SET reseller_id = (SELECT id FROM directory_organisation WHERE name = 'bench 02')
WHERE name BETWEEN 'bench 03' AND 'bench 30';

INSERT INTO directory_domain (name, unicode_name, is_active, app_passwords_only, created_at, organisation_id)
SELECT numbered.name, numbered.name, true, false, now(), organisation.id
FROM (SELECT n, 'bench' || lpad(n::text, 3, '0') || '.example' AS name FROM generate_series(1, 300) n) numbered
JOIN directory_organisation organisation
  ON organisation.name = 'bench ' || lpad((CASE WHEN n <= 60 THEN 1 ELSE 2 + n % 59 END)::text, 2, '0');

CREATE TEMPORARY TABLE box AS
SELECT n, 'person' || lpad(n::text, 5, '0') AS local_part, domain.id AS domain_id, domain.name AS domain_name, domain.organisation_id
FROM generate_series(1, 10000) n
JOIN directory_domain domain ON domain.name = 'bench' || lpad((1 + n % 300)::text, 3, '0') || '.example';

INSERT INTO directory_user (password, login, display_name, role, language, is_active, created_at, organisation_id, password_weak)
SELECT '!', local_part || '@' || domain_name, 'Person ' || n, 'mailbox', '', true, now(), organisation_id, n % 50 = 0 FROM box;

INSERT INTO directory_mailbox
    (local_part, display_name, store, storage_key, quota_bytes, is_active, created_at, domain_id, user_id, app_passwords_only)
SELECT local_part, 'Person ' || n, 'main', gen_random_uuid(), 2000000000, true, now(), domain_id, person.id, false
FROM box JOIN directory_user person ON person.login = box.local_part || '@' || domain_name;
INSERT INTO directory_mailboxusage (mailbox_id, used_bytes, messages, counted_at)
SELECT id, 1000000 * (id % 2000), id % 5000, now() FROM directory_mailbox WHERE local_part LIKE 'person%'
ON CONFLICT DO NOTHING;

INSERT INTO directory_alias (local_part, is_active, created_at, domain_id)
SELECT 'team' || lpad(n::text, 5, '0'), true, now(), domain_id FROM box WHERE n <= 3000;
INSERT INTO directory_aliasdestination (address, alias_id)
SELECT box.local_part || '@' || box.domain_name, alias.id
FROM box JOIN directory_alias alias ON alias.local_part = 'team' || lpad(n::text, 5, '0') AND alias.domain_id = box.domain_id;

-- Ten lines of history each, a hundred for one in a hundred.
INSERT INTO directory_loginrecord
    (service, address, network, country, program, result, hour, first_at, last_at, times, user_id)
SELECT 'imap', ('198.51.' || person.id % 250 || '.' || 1 + line % 250)::inet, '198.51.' || person.id % 250 || '.' || 1 + line % 250, '',
       'Thunderbird', CASE WHEN line % 7 = 0 THEN 'old-password' ELSE 'good' END,
       extract(epoch FROM moment)::bigint / 3600, moment, moment, 1, person.id
FROM directory_user person
CROSS JOIN LATERAL generate_series(1, CASE WHEN person.id % 100 = 0 THEN 100 ELSE 10 END) line
CROSS JOIN LATERAL (SELECT now() - line * interval '7 hours' - person.id * interval '1 second' AS moment) at
WHERE person.role = 'mailbox';

INSERT INTO directory_auditentry
    (at, acting_login, behind_login, via, action, object_type, object_id, object_name, organisation_id, domain_id, mailbox_id, changes)
SELECT now() - line * interval '1 day', 'root', '', 'cli', 'mailbox.change', 'mailbox', mailbox.id, mailbox.local_part,
       domain.organisation_id, domain.id, mailbox.id, '{"display_name": ["a", "b"]}'
FROM directory_mailbox mailbox JOIN directory_domain domain ON domain.id = mailbox.domain_id
CROSS JOIN generate_series(1, 10) line ORDER BY line DESC;

-- A week of mail: 100,000 transactions, one in four refused.
SELECT ledger_ensure_day((now() AT TIME ZONE 'UTC')::date - n) FROM generate_series(0, 7) n;
CREATE TEMPORARY TABLE mail AS
SELECT lpad(number::text, 13, '0') AS reference, now() - number * interval '6 seconds' AS started_at, number AS n, mailbox.id AS mailbox_id,
       domain.id AS domain_id, domain.organisation_id, mailbox.local_part || '@' || domain.name AS address,
       CASE WHEN number % 4 = 0 THEN 'reject' ELSE 'accept' END AS verdict
FROM generate_series(1, 100000) number
JOIN box ON box.n = 1 + (number::bigint * 7919) % 10000
JOIN directory_mailbox mailbox ON mailbox.local_part = box.local_part AND mailbox.domain_id = box.domain_id
JOIN directory_domain domain ON domain.id = mailbox.domain_id;
INSERT INTO ledger_transaction
    (started_at, reference, node, ended_at, service, client_address, client_name, helo, verdict, stage, code, enhanced, reply, rule, tls,
     login, mail_from, header_from, subject, message_id, size, queue_id, score, facts)
SELECT started_at, reference, 'node1', started_at, 'smtp', ('203.0.' || n % 200 || '.' || n % 250)::inet, 'mail.sender.example',
       'mail.sender.example', verdict, 'content', CASE verdict WHEN 'accept' THEN 250 ELSE 550 END,
       CASE verdict WHEN 'accept' THEN '2.0.0' ELSE '5.7.1' END, 'ok', CASE verdict WHEN 'accept' THEN '' ELSE 'score' END,
       'TLSv1.3', '', 'sender' || n % 1000 || '@sender.example', 'sender' || n % 1000 || '@sender.example', 'subject ' || n,
       '<' || n || '@sender.example>', 10000, 'Q' || n, 1.0, '{}'
FROM mail;
INSERT INTO ledger_recipient
    (started_at, reference, position, address, verdict, kind, organisation_id, domain_id, mailbox_id, junk, code, enhanced, reply, rule)
SELECT started_at, reference, 0, address, verdict, 'mailbox', organisation_id, domain_id, mailbox_id, false,
       CASE verdict WHEN 'accept' THEN 250 ELSE 550 END, CASE verdict WHEN 'accept' THEN '2.0.0' ELSE '5.7.1' END, 'ok',
       CASE verdict WHEN 'accept' THEN '' ELSE 'score' END
FROM mail;
INSERT INTO ledger_event
    (at, started_at, reference, node, queue_id, kind, recipient, final_recipient, dsn, relay, delay_ms, text, folder)
SELECT started_at, started_at, reference, 'node1', 'Q' || n, 'delivered', address, address, '2.0.0', 'dovecot', 20, 'Saved', 'INBOX'
FROM mail WHERE verdict = 'accept';
INSERT INTO ledger_queue (started_at, reference, node, queue_id, parent, relation)
SELECT started_at, reference, 'node1', 'Q' || n, '', '' FROM mail WHERE verdict = 'accept';
