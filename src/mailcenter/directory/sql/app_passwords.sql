-- App passwords as the logins daemon asks for them; and the end of sessions, told to the daemon that ends them.

CREATE OR REPLACE VIEW engine.login_account AS
    SELECT mailbox_of.address, owner.id AS user_id, owner.password::text, mailbox_of.home, mailbox_of.quota_bytes,
           mailbox_of.active, mailbox.id AS mailbox_id,
           mailbox.app_passwords_only OR domain.app_passwords_only AS app_passwords_only
    FROM engine.dovecot_user mailbox_of
    JOIN public.directory_mailbox mailbox ON mailbox.storage_key::text = mailbox_of.storage_key
    JOIN public.directory_domain domain ON domain.id = mailbox.domain_id
    JOIN public.directory_user owner ON owner.id = mailbox.user_id;

CREATE FUNCTION engine.ask_app_password(mailbox_id_ bigint, digest_ text) RETURNS TABLE (id bigint, services text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT found.id, found.services::text[] FROM public.directory_apppassword found
    WHERE found.digest = digest_ AND found.mailbox_id = mailbox_id_;
$$;

-- Not a write for each login.
CREATE FUNCTION engine.note_app_password(id_ bigint, service text, address text, program text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.directory_apppassword SET last_used_at = now(), last_used_service = left(service, 16),
        last_used_address = left(address, 45),
        last_used_program = coalesce(nullif(left(program, 200), ''), last_used_program)
    WHERE id = id_ AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'
                        OR last_used_address <> address OR last_used_service <> service);
$$;

-- Whoever may change an account asks for the end of its sessions; nobody but the daemon reads who did.
CREATE FUNCTION engine.end_sessions(addresses text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.directory_sessionend (address, wanted_at) SELECT address, now() FROM unnest(addresses) AS address;
$$;

CREATE FUNCTION directory_sessions_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('sessions_end', '');
    RETURN NULL;
END $$;
CREATE TRIGGER sessions_end AFTER INSERT ON directory_sessionend
    FOR EACH STATEMENT EXECUTE FUNCTION directory_sessions_notify();

REVOKE ALL ON FUNCTION engine.end_sessions, engine.ask_app_password, engine.note_app_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engine.ask_app_password, engine.note_app_password TO mc_logins;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_apppassword TO mc_center;
GRANT EXECUTE ON FUNCTION engine.end_sessions TO mc_center;
GRANT SELECT, DELETE ON directory_sessionend TO mc_sessions;
GRANT USAGE ON SCHEMA engine TO mc_center;

-- The barrier, see barrier.sql.
ALTER TABLE directory_apppassword ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON directory_apppassword TO mc_center USING (
    EXISTS (SELECT FROM directory_mailbox WHERE directory_mailbox.id = mailbox_id));
ALTER TABLE directory_sessionend ENABLE ROW LEVEL SECURITY;
CREATE POLICY sessions ON directory_sessionend TO mc_sessions USING (true);
