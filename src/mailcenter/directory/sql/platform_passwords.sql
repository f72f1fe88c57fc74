-- The operators' word about passwords comes before the configuration's, a domain's before both. And the reminders by the clock.

CREATE OR REPLACE VIEW engine.login_account AS
    SELECT mailbox_of.address, owner.id AS user_id, owner.password::text, mailbox_of.home, mailbox_of.quota_bytes,
           mailbox_of.active, mailbox.id AS mailbox_id,
           mailbox.app_passwords_only OR domain.app_passwords_only AS app_passwords_only,
           owner.password_weak AS weak, owner.password_judged AS judged,
           coalesce(domain.password_minimum, platform.password_minimum) AS minimum,
           coalesce(domain.password_deadline, platform.password_deadline) AS deadline,
           ARRAY[owner.login, owner.display_name, organisation.name]::text[] AS about
    FROM engine.dovecot_user mailbox_of
    JOIN public.directory_mailbox mailbox ON mailbox.storage_key::text = mailbox_of.storage_key
    JOIN public.directory_domain domain ON domain.id = mailbox.domain_id
    JOIN public.directory_organisation organisation ON organisation.id = domain.organisation_id
    JOIN public.directory_user owner ON owner.id = mailbox.user_id
    LEFT JOIN public.directory_passwordpolicy platform ON true;

-- Tell the owner of a weak password, and remind him: at once, a week and a day before the last day, and afterwards.
DROP FUNCTION engine.tell_weak_password(bigint, date);
CREATE FUNCTION engine.tell_weak_password(user_id_ bigint, last_day date, today date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    days integer := last_day - coalesce(today, (now() AT TIME ZONE 'UTC')::date);
BEGIN
    PERFORM engine.tell_owner(
        user_id_, 'weak-password',
        concat_ws(' ', 'weak', last_day, CASE WHEN days < 0 THEN 'over' WHEN days <= 1 THEN 'day' WHEN days <= 7 THEN 'week' END),
        jsonb_build_object('last_day', last_day, 'over', coalesce(days < 0, false))
    );
END $$;

-- Owners of weak passwords whose last day is near or was lately: the same mails, each once, that a login leads to. For the rest of the
-- time a login tells them. `minimum` and `last_day` are the configuration's,
-- `most` how many notices a mailbox gets in a day. Gives how many owners it looked at.
CREATE FUNCTION engine.remind_weak_passwords(today date, minimum integer, last_day date, most integer) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH weak AS (
        SELECT owner.id, mailbox.id AS mailbox_id, coalesce(domain.password_deadline, platform.password_deadline, $3) AS last_day,
               coalesce(domain.password_minimum, platform.password_minimum, $2) AS minimum, owner.password_judged AS judged
        FROM public.directory_user owner
        JOIN public.directory_mailbox mailbox ON mailbox.user_id = owner.id
        JOIN public.directory_domain domain ON domain.id = mailbox.domain_id
        LEFT JOIN public.directory_passwordpolicy platform ON true
        WHERE owner.password_weak AND owner.is_active AND mailbox.is_active AND domain.is_active
    ), told AS (
        SELECT engine.tell_weak_password(id, last_day, $1) FROM weak
        -- judged by a stricter policy than today's, it may be strong enough
        WHERE last_day BETWEEN $1 - 7 AND $1 + 7 AND judged <= minimum
          AND (SELECT count(*) FROM public.ledger_notice notice WHERE notice.mailbox_id = weak.mailbox_id AND notice.day = $1) < $4
    )
    SELECT count(*) FROM told;
$$;

CREATE INDEX directory_user_weak ON directory_user (id) WHERE password_weak;

REVOKE ALL ON FUNCTION engine.tell_weak_password, engine.remind_weak_passwords FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engine.tell_weak_password TO mc_logins, mc_center;
GRANT EXECUTE ON FUNCTION engine.remind_weak_passwords TO mc_notices;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_passwordpolicy TO mc_center;
