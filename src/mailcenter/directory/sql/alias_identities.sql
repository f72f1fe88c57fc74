-- A mailbox is its own alias, whether its domain has a catch-all or not.
CREATE OR REPLACE VIEW engine.postfix_alias AS
    SELECT address.address::text, destination.address::text AS destination
    FROM public.directory_address address
    JOIN public.directory_alias alias ON alias.id = address.alias_id
    JOIN public.directory_aliasdestination destination ON destination.alias_id = alias.id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    WHERE alias.is_active AND domain.is_active
    UNION ALL
    SELECT '@' || name, catch_all::text FROM engine.domain_form WHERE is_active AND catch_all IS NOT NULL
    UNION ALL
    -- Postfix asks for the whole address first. An identity keeps a mailbox, and what is switched off, from the catch-all, and
    -- spares the second question (for the catch-all) for every mail. The same arm turns other spellings into the ASCII one.
    SELECT address.address::text, coalesce(spelling.address, address.address)::text
    FROM public.directory_address address
    LEFT JOIN public.directory_alias alias ON alias.id = address.alias_id
    LEFT JOIN engine.mailbox_ascii spelling ON spelling.mailbox_id = address.mailbox_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    WHERE domain.is_active AND (address.alias_id IS NULL OR NOT alias.is_active);
