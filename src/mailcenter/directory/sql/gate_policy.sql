-- What the gate needs beside addresses: rules, networks, senders, and how each recipient wants suspicious mail treated.

CREATE VIEW engine.gate_rule AS
    SELECT rule, enabled, thresholds FROM public.directory_rulesetting;

CREATE VIEW engine.gate_network AS
    SELECT network, action FROM public.directory_networkentry;

-- mailbox_id and domain_id null: for the whole platform.
CREATE VIEW engine.gate_sender_entry AS
    SELECT action, kind, pattern, domain_id, mailbox_id FROM public.directory_senderentry;

-- Only who differs from the platform has a row. A mailbox's word counts before its domain's; the row of a domain
-- (mailbox_id null) is for its aliases and its catch-all.
CREATE VIEW engine.treatment AS
    SELECT domain.id AS domain_id, mailbox.id AS mailbox_id,
           coalesce(mailbox.junk_score, domain.junk_score)::float8 AS junk_score,
           coalesce(mailbox.refuse_score, domain.refuse_score)::float8 AS refuse_score,
           coalesce(mailbox.spam_action, domain.spam_action) AS spam_action,
           coalesce(mailbox.spam_forward_to, domain.spam_forward_to) AS spam_forward_to,
           coalesce(mailbox.notices, domain.notices) AS notices,
           domain.blocked_extensions, domain.encrypted_archives
    FROM public.directory_domain domain
    LEFT JOIN LATERAL (
        SELECT id, junk_score, refuse_score, spam_action, spam_forward_to, notices
        FROM public.directory_mailbox WHERE domain_id = domain.id
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL
    ) mailbox ON true;

CREATE VIEW engine.gate_treatment AS
    SELECT * FROM engine.treatment
    WHERE num_nonnulls(junk_score, refuse_score, spam_action, spam_forward_to, notices, blocked_extensions, encrypted_archives) > 0;

-- What Dovecot's global Sieve script compares with, as it can: whole tenths; null where neither owner nor operators changed
-- what the configuration says. From refuse_tenths on it is Junk whatever the action says.
CREATE VIEW engine.dovecot_treatment AS
    SELECT mailbox.storage_key::text AS storage_key,
           (coalesce(treatment.junk_score, (platform.thresholds->>'junk_score')::float8) * 10)::int AS junk_tenths,
           treatment.spam_action, treatment.spam_forward_to,
           (coalesce(treatment.refuse_score, (platform.thresholds->>'refuse_score')::float8) * 10)::int AS refuse_tenths,
           mailbox.id AS mailbox_id
    FROM engine.treatment treatment
    JOIN public.directory_mailbox mailbox ON mailbox.id = treatment.mailbox_id
    LEFT JOIN public.directory_rulesetting platform ON platform.rule = 'spam';

GRANT SELECT ON engine.gate_rule, engine.gate_network, engine.gate_sender_entry, engine.gate_treatment TO mc_gate;
GRANT SELECT ON engine.dovecot_treatment TO mc_dovecot;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_rulesetting, directory_networkentry, directory_senderentry,
    directory_refusalreport TO mc_center;

CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON directory_rulesetting
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON directory_networkentry
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON directory_senderentry
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();
