-- The last use of an app password names the country, too, where the logins daemon knows it.
DROP FUNCTION engine.note_app_password(bigint, text, text, text);

-- Not a write for each login.
CREATE FUNCTION engine.note_app_password(id_ bigint, service text, address text, country text, program text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.directory_apppassword SET last_used_at = now(), last_used_service = left(service, 16),
        last_used_address = left(address, 45), last_used_country = left(country, 2),
        last_used_program = coalesce(nullif(left(program, 200), ''), last_used_program)
    WHERE id = id_ AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute'
                        OR last_used_address <> address OR last_used_service <> service);
$$;

REVOKE ALL ON FUNCTION engine.note_app_password FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engine.note_app_password TO mc_logins;
