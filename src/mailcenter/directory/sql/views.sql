-- What the daemons read. Each view runs with its owner's rights, so a daemon's role needs no right on any table.
-- Addresses are lower case; an IDN domain stands in both its A-label and its U-label form.
-- All are of type text: where the arms of a UNION ALL differ in type, a condition on the address does not reach the index.

CREATE SCHEMA IF NOT EXISTS engine;

-- For the lookup of a catch-all by its address `@domain`.
CREATE INDEX directory_domain_catch_all ON public.directory_domain (('@' || name::text)) WHERE catch_all IS NOT NULL;
CREATE INDEX directory_domain_catch_all_unicode ON public.directory_domain (('@' || unicode_name::text))
    WHERE catch_all IS NOT NULL;

-- Internal: each domain under each of its spellings.
CREATE VIEW engine.domain_form AS
    SELECT id AS domain_id, organisation_id, name::text, is_active, catch_all FROM public.directory_domain
    UNION ALL
    SELECT id, organisation_id, unicode_name::text, is_active, catch_all
    FROM public.directory_domain WHERE unicode_name <> name;

-- Internal: a mailbox's address in ASCII. Dovecot 2.3 takes no other over LMTP, so Postfix rewrites the envelope to it: the
-- A-label domain, and a local part beyond ASCII as `utf8=` and its UTF-8 bytes in hexadecimal.
CREATE VIEW engine.mailbox_ascii AS
    SELECT mailbox.id AS mailbox_id,
           CASE WHEN mailbox.local_part ~ '[^ -~]' THEN 'utf8=' || encode(convert_to(mailbox.local_part, 'UTF8'), 'hex')
                ELSE mailbox.local_part END || '@' || domain.name AS address
    FROM public.directory_mailbox mailbox
    JOIN public.directory_domain domain ON domain.id = mailbox.domain_id;

CREATE VIEW engine.postfix_domain AS
    SELECT name FROM engine.domain_form WHERE is_active;

CREATE VIEW engine.postfix_mailbox AS
    SELECT address.address::text
    FROM public.directory_address address
    JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    WHERE mailbox.is_active AND domain.is_active;

CREATE VIEW engine.postfix_alias AS
    SELECT address.address::text, destination.address::text AS destination
    FROM public.directory_address address
    JOIN public.directory_alias alias ON alias.id = address.alias_id
    JOIN public.directory_aliasdestination destination ON destination.alias_id = alias.id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    WHERE alias.is_active AND domain.is_active
    UNION ALL
    SELECT '@' || name, catch_all::text FROM engine.domain_form WHERE is_active AND catch_all IS NOT NULL
    UNION ALL
    -- Postfix asks for the whole address first: an identity keeps a mailbox, and what is switched off, from the catch-all.
    -- The same arm turns a mailbox's other spellings into the ASCII one.
    SELECT address.address::text, coalesce(spelling.address, address.address)::text
    FROM public.directory_address address
    LEFT JOIN public.directory_alias alias ON alias.id = address.alias_id
    LEFT JOIN engine.mailbox_ascii spelling ON spelling.mailbox_id = address.mailbox_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    WHERE domain.is_active AND (address.alias_id IS NULL OR NOT alias.is_active)
      AND (domain.catch_all IS NOT NULL OR spelling.address <> address.address);

-- `active` says whether he may log in. A password of another scheme than ours becomes one that nothing matches.
CREATE VIEW engine.dovecot_user AS
    SELECT address.address::text,
           CASE WHEN owner.password LIKE 'argon2$argon2id$%' THEN '{ARGON2ID}' || substr(owner.password, length('argon2$'))
                ELSE '{SHA512-CRYPT}!' END AS password,
           mailbox.store || '/' || mailbox.domain_id || '/' || mailbox.storage_key AS home,
           mailbox.store::text,
           mailbox.storage_key::text AS storage_key,
           mailbox.quota_bytes,
           mailbox.is_active AND domain.is_active AND owner.is_active AS active
    FROM public.directory_address address
    JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    JOIN public.directory_user owner ON owner.id = mailbox.user_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id;

-- What is switched off is listed as such, so that a catch-all does not take its mail.
CREATE VIEW engine.gate_recipient AS
    SELECT address.address::text,
           CASE WHEN address.mailbox_id IS NULL THEN 'alias' ELSE 'mailbox' END AS kind,
           domain.organisation_id, domain.id AS domain_id, address.mailbox_id,
           domain.is_active AND coalesce(mailbox.is_active, alias.is_active) AS active
    FROM public.directory_address address
    LEFT JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    LEFT JOIN public.directory_alias alias ON alias.id = address.alias_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    UNION ALL
    SELECT '@' || name, 'catch-all', organisation_id, domain_id, NULL::bigint, is_active
    FROM engine.domain_form WHERE catch_all IS NOT NULL;

CREATE VIEW engine.gate_domain AS
    SELECT name, organisation_id, domain_id, is_active AS active FROM engine.domain_form;

-- Addresses that a login may send as: its mailbox's own, and aliases of its own organisation that deliver there. An alias of
-- another organisation gives no right to send in that one's name. The ids are those of the sending mailbox.
CREATE VIEW engine.gate_sender AS
    WITH sender AS NOT MATERIALIZED (
        SELECT login.address::text AS login, mailbox.id AS mailbox_id, domain.id AS domain_id, domain.organisation_id,
               mailbox.local_part || '@' || domain.name AS address
        FROM public.directory_address login
        JOIN public.directory_mailbox mailbox ON mailbox.id = login.mailbox_id
        JOIN public.directory_user owner ON owner.id = mailbox.user_id
        JOIN public.directory_domain domain ON domain.id = login.domain_id
        WHERE mailbox.is_active AND owner.is_active AND domain.is_active
    )
    SELECT sender.login, own.address::text, sender.organisation_id, sender.domain_id, sender.mailbox_id
    FROM sender
    JOIN public.directory_address own ON own.mailbox_id = sender.mailbox_id
    UNION
    SELECT sender.login, other.address::text, sender.organisation_id, sender.domain_id, sender.mailbox_id
    FROM sender
    JOIN public.directory_aliasdestination destination ON destination.address = sender.address
    JOIN public.directory_alias alias ON alias.id = destination.alias_id AND alias.is_active
    JOIN public.directory_domain domain ON domain.id = alias.domain_id AND domain.is_active
     AND domain.organisation_id = sender.organisation_id
    JOIN public.directory_address other ON other.alias_id = alias.id;
