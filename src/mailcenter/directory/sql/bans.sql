-- Bans as the daemons see and make them. The table is the truth; whoever listens to `bans_changed` knows at once.

CREATE VIEW engine.gate_ban AS
    SELECT id, network, cause, ends_at FROM public.directory_ban WHERE ended_at IS NULL AND ends_at > now();

-- Close those whose time is over, and forget those that are over for so many days (null: none). It changes nothing, and so
-- tells nobody, where there is nothing to do.
CREATE FUNCTION engine.end_bans(keep_days integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.directory_ban WHERE ended_at IS NULL AND ends_at <= now()) THEN
        UPDATE public.directory_ban SET ended_at = ends_at WHERE ended_at IS NULL AND ends_at <= now();
    END IF;
    IF EXISTS (SELECT FROM public.directory_ban WHERE ended_at < now() - keep_days * interval '1 day') THEN
        DELETE FROM public.directory_ban WHERE ended_at < now() - keep_days * interval '1 day';
    END IF;
END $$;

-- Ban a network, each time in a row twice as long. Gives the end; of a ban that is in force already, unchanged.
CREATE FUNCTION engine.ban(
    network_ text, cause_ text, offences_ integer, seconds float8, longest float8, repeat_days float8
) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    earlier bigint;
    until_ timestamptz;
BEGIN
    PERFORM engine.end_bans(NULL);
    network_ := network_::cidr::text;
    SELECT count(*) INTO earlier FROM public.directory_ban
        WHERE network = network_ AND cause <> 'operator' AND ended_at = ends_at
        AND started_at > now() - repeat_days * interval '1 day';
    INSERT INTO public.directory_ban (network, cause, offences, turned_away, note, started_at, ends_at)
        VALUES (network_, cause_, offences_, 0, '', now(),
                now() + least(seconds * 2 ^ least(earlier, 20), longest) * interval '1 second')
        ON CONFLICT (network) WHERE ended_at IS NULL DO NOTHING;
    SELECT ends_at INTO until_ FROM public.directory_ban WHERE network = network_ AND ended_at IS NULL;
    RETURN until_;
END $$;

-- What postscreen turned away: addresses and how often.
CREATE FUNCTION engine.count_turned_away(addresses text[], times bigint[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE public.directory_ban ban SET turned_away = turned_away + counted.times
    FROM (
        SELECT held.id, sum(seen.times) AS times
        FROM unnest(addresses, times) AS seen(address, times)
        JOIN public.directory_ban held ON held.ended_at IS NULL AND held.network::inet >>= seen.address::inet
        GROUP BY held.id
    ) counted WHERE counted.id = ban.id;
$$;

CREATE FUNCTION directory_bans_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('bans_changed', '');
    RETURN NULL;
END $$;

CREATE TRIGGER bans_changed AFTER INSERT OR UPDATE OF ends_at, ended_at OR DELETE OR TRUNCATE ON directory_ban
    FOR EACH STATEMENT EXECUTE FUNCTION directory_bans_notify();

REVOKE ALL ON FUNCTION engine.ban, engine.end_bans, engine.count_turned_away FROM PUBLIC;
GRANT EXECUTE ON FUNCTION engine.ban, engine.end_bans TO mc_gate;
GRANT USAGE ON SCHEMA engine TO mc_ledger;
GRANT EXECUTE ON FUNCTION engine.count_turned_away TO mc_ledger;
GRANT SELECT ON engine.gate_ban TO mc_gate;
GRANT SELECT, INSERT, UPDATE, DELETE ON directory_ban TO mc_center;
