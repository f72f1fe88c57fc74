-- What the logins daemon knows of the policy and of the owner, whose name must not be his password; and what it notes.

CREATE OR REPLACE VIEW engine.login_account AS
    SELECT mailbox_of.address, owner.id AS user_id, owner.password::text, mailbox_of.home, mailbox_of.quota_bytes,
           mailbox_of.active, mailbox.id AS mailbox_id,
           mailbox.app_passwords_only OR domain.app_passwords_only AS app_passwords_only,
           owner.password_weak AS weak, owner.password_judged AS judged,
           domain.password_minimum AS minimum, domain.password_deadline AS deadline,
           ARRAY[owner.login, owner.display_name, organisation.name]::text[] AS about
    FROM engine.dovecot_user mailbox_of
    JOIN public.directory_mailbox mailbox ON mailbox.storage_key::text = mailbox_of.storage_key
    JOIN public.directory_domain domain ON domain.id = mailbox.domain_id
    JOIN public.directory_organisation organisation ON organisation.id = domain.organisation_id
    JOIN public.directory_user owner ON owner.id = mailbox.user_id;

-- A flag, and by which policy: nothing of the password itself. One that was changed meanwhile is not judged.
CREATE FUNCTION engine.note_password_strength(user_id_ bigint, known text, weak boolean, minimum integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.directory_user SET password_weak = weak, password_judged = minimum
    WHERE id = user_id_ AND password = known;
$$;

-- Tell the owner of a weak password, and remind him: at once, a week and a day before the last day, and afterwards.
CREATE FUNCTION engine.tell_weak_password(user_id_ bigint, last_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    days integer := last_day - (now() AT TIME ZONE 'UTC')::date;
BEGIN
    PERFORM engine.tell_owner(
        user_id_, 'weak-password',
        concat_ws(' ', 'weak', last_day, CASE WHEN days < 0 THEN 'over' WHEN days <= 1 THEN 'day' WHEN days <= 7 THEN 'week' END),
        jsonb_build_object('last_day', last_day)
    );
END $$;

REVOKE ALL ON FUNCTION engine.note_password_strength, engine.tell_weak_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engine.note_password_strength, engine.tell_weak_password TO mc_logins, mc_center;
GRANT USAGE ON SCHEMA engine TO mc_center;
