-- What Dovecot asks about a mailbox at each delivery, made to be found by its key; the view's answers stay the same, but
-- that a score beyond tenths is rounded up, as Sieve compares whole tenths.

CREATE INDEX directory_mailbox_storage_key_text ON directory_mailbox ((storage_key::text));

CREATE OR REPLACE VIEW engine.dovecot_treatment AS
    SELECT mailbox.storage_key::text AS storage_key,
           ceil(10 * coalesce(mailbox.junk_score, domain.junk_score, (platform.thresholds->>'junk_score')::numeric))::int
               AS junk_tenths,
           coalesce(mailbox.spam_action, domain.spam_action)::varchar AS spam_action,
           coalesce(mailbox.spam_forward_to, domain.spam_forward_to)::varchar AS spam_forward_to,
           ceil(10 * coalesce(mailbox.refuse_score, domain.refuse_score, (platform.thresholds->>'refuse_score')::numeric))::int
               AS refuse_tenths,
           mailbox.id AS mailbox_id
    FROM public.directory_mailbox mailbox
    JOIN public.directory_domain domain ON domain.id = mailbox.domain_id
    LEFT JOIN public.directory_rulesetting platform ON platform.rule = 'spam';

-- As in lookups.sql: planned once for each connection.
CREATE FUNCTION engine.ask_dovecot_treatment(wanted text) RETURNS SETOF engine.dovecot_treatment
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM engine.dovecot_treatment WHERE storage_key = wanted;
END $$;

REVOKE ALL ON FUNCTION engine.ask_dovecot_treatment(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engine.ask_dovecot_treatment(text) TO mc_dovecot;
