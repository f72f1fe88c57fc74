-- What the notices daemon needs of a mailbox: by each of its addresses, how its owner is reached and in which language, and
-- whether he wants notices (null: as the platform).

CREATE VIEW engine.notice_reader AS
    SELECT address.address::text,
           mailbox.id AS mailbox_id,
           spelling.address::text AS deliver_to,
           mailbox.local_part || '@' || domain.unicode_name AS shown,
           owner.language::text,
           coalesce(mailbox.notices, domain.notices) AS notices
    FROM public.directory_address address
    JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    JOIN public.directory_user owner ON owner.id = mailbox.user_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id
    JOIN engine.mailbox_ascii spelling ON spelling.mailbox_id = mailbox.id
    WHERE mailbox.is_active AND domain.is_active;

GRANT USAGE ON SCHEMA engine TO mc_notices;
GRANT SELECT ON engine.notice_reader, engine.postfix_alias TO mc_notices;
