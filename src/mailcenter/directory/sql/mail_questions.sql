-- What Postfix and Dovecot ask for every mail, in as few steps as it can be answered. As in lookups.sql: planned once for each
-- connection, with the caller's rights; now in the very form in which they ask and want the answer, as each function and each
-- column around the question costs as much as half of it.

DROP FUNCTION engine.ask_dovecot_user(text);
DROP FUNCTION engine.ask_dovecot_treatment(text);
DROP VIEW engine.dovecot_treatment;
DROP INDEX public.directory_mailbox_storage_key_text;

-- A mailbox under each of its addresses, with the one to which Postfix rewrites it: a part of engine.postfix_alias.
CREATE VIEW engine.postfix_own AS
    SELECT address.address::text,
           CASE WHEN mailbox.local_part ~ '[^ -~]' THEN 'utf8=' || encode(convert_to(mailbox.local_part, 'UTF8'), 'hex')
                ELSE mailbox.local_part END || '@' || domain.name AS destination
    FROM public.directory_address address
    JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    JOIN public.directory_domain domain ON domain.id = mailbox.domain_id
    WHERE domain.is_active;

-- All that a delivery must know of a mailbox. A score beyond tenths is rounded up, as Sieve compares whole tenths; null is what
-- neither owner nor operators changed.
CREATE VIEW engine.dovecot_delivery AS
    SELECT address.address::text,
           mailbox.store || '/' || mailbox.domain_id || '/' || mailbox.storage_key AS home,
           mailbox.quota_bytes,
           ceil(10 * coalesce(mailbox.junk_score, domain.junk_score, (platform.thresholds->>'junk_score')::numeric))::int
               AS junk_tenths,
           ceil(10 * coalesce(mailbox.refuse_score, domain.refuse_score, (platform.thresholds->>'refuse_score')::numeric))::int
               AS refuse_tenths,
           coalesce(mailbox.spam_action, domain.spam_action)::text AS spam_action,
           coalesce(mailbox.spam_forward_to, domain.spam_forward_to)::text AS spam_forward_to,
           mailbox.id AS mailbox_id
    FROM public.directory_address address
    JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    JOIN public.directory_domain domain ON domain.id = mailbox.domain_id
    LEFT JOIN public.directory_rulesetting platform ON platform.rule = 'spam';

GRANT SELECT ON engine.postfix_own TO mc_postfix;
GRANT SELECT ON engine.dovecot_delivery TO mc_dovecot;

-- Postfix 3.7 hands UTF-8 over as if it were Latin-1, and takes answers so. To turn it round takes longer than to see that
-- there is nothing to turn round.
CREATE OR REPLACE FUNCTION engine.ask_postfix_domain(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF octet_length(wanted) <> char_length(wanted) THEN
        wanted := convert_from(convert_to(wanted, 'LATIN1'), 'UTF8');
    END IF;
    RETURN QUERY SELECT '1'::text FROM engine.postfix_domain WHERE name = wanted;
END $$;

CREATE OR REPLACE FUNCTION engine.ask_postfix_mailbox(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF octet_length(wanted) <> char_length(wanted) THEN
        wanted := convert_from(convert_to(wanted, 'LATIN1'), 'UTF8');
    END IF;
    RETURN QUERY SELECT '1'::text FROM engine.postfix_mailbox WHERE address = wanted;
END $$;

-- Most mail is for a mailbox, and its answer is in ASCII.
CREATE OR REPLACE FUNCTION engine.ask_postfix_alias(wanted text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
    own text;
BEGIN
    IF octet_length(wanted) <> char_length(wanted) THEN
        wanted := convert_from(convert_to(wanted, 'LATIN1'), 'UTF8');
    END IF;
    SELECT destination INTO own FROM engine.postfix_own WHERE address = wanted;
    IF FOUND THEN
        RETURN NEXT own;
        RETURN;
    END IF;
    RETURN QUERY SELECT convert_from(convert_to(destination, 'UTF8'), 'LATIN1') FROM engine.postfix_alias
                 WHERE address = wanted;
END $$;

-- A local part beyond ASCII arrives as `utf8=` and hexadecimal digits (engine.mailbox_ascii), and gets its name back here.
-- `root`: where all mail lies.
CREATE FUNCTION engine.ask_dovecot_delivery(wanted text, root text)
RETURNS TABLE ("user" text, home text, quota_rule text, quota_clone_dict text, sieve_env_junk_tenths int,
    sieve_env_refuse_tenths int, sieve_env_spam_action text, sieve_env_spam_forward_to text, sieve_env_mailbox_id bigint)
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF wanted ~ '^utf8=([0-9a-f][0-9a-f])+@' THEN
        wanted := convert_from(decode(substr(split_part(wanted, '@', 1), 6), 'hex'), 'UTF8') || '@' || split_part(wanted, '@', 2);
    END IF;
    RETURN QUERY
        SELECT box.address, root || box.home, '*:bytes=' || box.quota_bytes,
               CASE WHEN box.quota_bytes > 0 THEN 'proxy::usage' END, box.junk_tenths, box.refuse_tenths,
               box.spam_action, box.spam_forward_to, box.mailbox_id
        FROM engine.dovecot_delivery box WHERE box.address = wanted;
END $$;

REVOKE ALL ON FUNCTION engine.ask_dovecot_delivery(text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engine.ask_dovecot_delivery(text, text) TO mc_dovecot;
