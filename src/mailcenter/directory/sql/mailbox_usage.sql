-- What Dovecot counts (quota_clone, its dict service) and what the gate must know of it: whether a mailbox is full.

-- Stays empty: each row that Dovecot puts in becomes one of directory_mailboxusage. Dovecot names a user by his address, in
-- either spelling of the domain.
CREATE TABLE engine.dovecot_usage (username text PRIMARY KEY, bytes bigint, messages bigint);

CREATE FUNCTION engine.note_usage() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    box public.directory_mailbox;
    before bigint;
BEGIN
    SELECT mailbox.* INTO box FROM public.directory_address address
    JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id WHERE address.address = NEW.username;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT used_bytes INTO before FROM public.directory_mailboxusage WHERE mailbox_id = box.id;
    INSERT INTO public.directory_mailboxusage AS known (mailbox_id, used_bytes, messages, counted_at)
    VALUES (box.id, coalesce(NEW.bytes, 0), coalesce(NEW.messages, 0), now())
    ON CONFLICT (mailbox_id) DO UPDATE SET used_bytes = coalesce(NEW.bytes, known.used_bytes),
        messages = coalesce(NEW.messages, known.messages), counted_at = now();
    -- The daemons hear of it only when it means something to them.
    IF box.quota_bytes > 0 AND (coalesce(before, 0) >= box.quota_bytes) <> (coalesce(NEW.bytes, before, 0) >= box.quota_bytes) THEN
        PERFORM pg_notify('directory_changed', '');
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER note_usage BEFORE INSERT ON engine.dovecot_usage FOR EACH ROW EXECUTE FUNCTION engine.note_usage();

CREATE OR REPLACE VIEW engine.gate_recipient AS
    SELECT address.address::text,
           CASE WHEN address.mailbox_id IS NULL THEN 'alias' ELSE 'mailbox' END AS kind,
           domain.organisation_id, domain.id AS domain_id, address.mailbox_id,
           domain.is_active AND coalesce(mailbox.is_active, alias.is_active) AS active,
           coalesce(mailbox.quota_bytes > 0 AND usage.used_bytes >= mailbox.quota_bytes, false) AS is_full
    FROM public.directory_address address
    LEFT JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    LEFT JOIN public.directory_mailboxusage usage ON usage.mailbox_id = address.mailbox_id
    LEFT JOIN public.directory_alias alias ON alias.id = address.alias_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    UNION ALL
    SELECT '@' || name, 'catch-all', organisation_id, domain_id, NULL::bigint, is_active, false
    FROM engine.domain_form WHERE catch_all IS NOT NULL;

GRANT SELECT, INSERT, UPDATE ON engine.dovecot_usage TO mc_dovecot;
-- With its mailbox the center removes what was counted of it.
GRANT SELECT, DELETE ON directory_mailboxusage TO mc_center;
