-- The end of an account's sessions is told to the gate as well, which ends those of submission.
CREATE OR REPLACE FUNCTION engine.end_sessions(addresses text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO public.directory_sessionend (address, wanted_at) SELECT address, now() FROM unnest(addresses) AS address;
    SELECT pg_notify('submission_ends', address) FROM unnest(addresses) AS address;
$$;
