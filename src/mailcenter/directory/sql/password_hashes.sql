-- Passwords are the logins daemon's matter: Dovecot's own role reads no hash any more. What it asks at each delivery stays.

CREATE VIEW engine.dovecot_user AS
    SELECT address.address::text,
           mailbox.store || '/' || mailbox.domain_id || '/' || mailbox.storage_key AS home,
           mailbox.store::text,
           mailbox.storage_key::text AS storage_key,
           mailbox.quota_bytes,
           mailbox.is_active AND domain.is_active AND owner.is_active AS active
    FROM public.directory_address address
    JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id
    JOIN public.directory_user owner ON owner.id = mailbox.user_id
    JOIN public.directory_domain domain ON domain.id = address.domain_id;

CREATE FUNCTION engine.ask_dovecot_user(wanted text) RETURNS SETOF engine.dovecot_user LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM engine.dovecot_user WHERE address = wanted;
END $$;

-- `active` says whether he may log in.
CREATE VIEW engine.login_account AS
    SELECT mailbox_of.address, owner.id AS user_id, owner.password::text, mailbox_of.home, mailbox_of.quota_bytes,
           mailbox_of.active
    FROM engine.dovecot_user mailbox_of
    JOIN public.directory_mailbox mailbox ON mailbox.storage_key::text = mailbox_of.storage_key
    JOIN public.directory_user owner ON owner.id = mailbox.user_id;

CREATE FUNCTION engine.ask_login_account(wanted text) RETURNS SETOF engine.login_account LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT * FROM engine.login_account WHERE address = wanted;
END $$;

-- A password was seen that fits `known`: its hash is made anew. One that was changed meanwhile stays as it is.
CREATE FUNCTION engine.renew_password_hash(user_id_ bigint, known text, fresh text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.directory_user SET password = fresh
    WHERE id = user_id_ AND password = known AND fresh LIKE 'argon2$argon2id$%';
$$;

-- Nobody who remembers answers of the directory remembers passwords.
CREATE TRIGGER directory_changed AFTER INSERT OR UPDATE OF login, is_active OR DELETE OR TRUNCATE ON directory_user
    FOR EACH STATEMENT EXECUTE FUNCTION directory_notify();

REVOKE ALL ON FUNCTION engine.ask_dovecot_user, engine.ask_login_account, engine.renew_password_hash FROM PUBLIC;
GRANT SELECT ON engine.dovecot_user TO mc_dovecot;
GRANT EXECUTE ON FUNCTION engine.ask_dovecot_user TO mc_dovecot;
GRANT USAGE ON SCHEMA engine TO mc_logins;
GRANT SELECT ON engine.login_account TO mc_logins;
GRANT EXECUTE ON FUNCTION engine.ask_login_account, engine.renew_password_hash TO mc_logins;
