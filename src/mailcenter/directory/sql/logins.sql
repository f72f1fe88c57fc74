-- The history of logins: written by the guard in batches, forgotten after a time, told to owners where it concerns them.

-- Whose login this is, in any spelling of the address; null: nobody's.
CREATE FUNCTION engine.login_owner(login_ text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(
        (SELECT id FROM public.directory_user WHERE login = login_),
        (SELECT mailbox.user_id FROM public.directory_address address
         JOIN public.directory_mailbox mailbox ON mailbox.id = address.mailbox_id WHERE address.address = login_)
    );
$$;

-- A mail to the owner of an account, if he has a mailbox: one for each `about` as long as notices are remembered.
CREATE FUNCTION engine.tell_owner(user_ bigint, kind_ text, about text, details_ jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO public.ledger_notice (mailbox_id, sender, day, kind, reference, details)
    SELECT mailbox.id, about, (now() AT TIME ZONE 'UTC')::date, kind_, '', details_
    FROM public.directory_mailbox mailbox
    WHERE mailbox.user_id = user_ AND NOT EXISTS (
        SELECT FROM public.ledger_notice known
        WHERE known.mailbox_id = mailbox.id AND known.kind = kind_ AND known.sender = about
    ) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        PERFORM pg_notify('notice_wanted', '');
    END IF;
END $$;

-- Take a batch (`guard.history.Entry.plain` of the code). Of nobody's logins the name is not kept: people type passwords there.
CREATE FUNCTION engine.note_logins(noted jsonb, tell_new boolean) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    -- So many tries of one hour with an old password are a forgotten device, no slip.
    stubborn CONSTANT integer := 10;
    one record;
    was_used boolean;
BEGIN
    CREATE TEMP TABLE IF NOT EXISTS given (
        user_id bigint, service text, address inet, network text, neighbourhood text, country text, program text,
        result text, first_at timestamptz, last_at timestamptz, times integer
    ) ON COMMIT DELETE ROWS;
    DELETE FROM pg_temp.given;
    INSERT INTO pg_temp.given
        SELECT owner.id, said.service, said.address::inet, said.network, said.neighbourhood, said.country, said.program,
               CASE WHEN said.result = 'good' THEN 'good' WHEN said.result = 'locked' THEN 'locked'
                    WHEN owner.id IS NULL THEN 'unknown' WHEN NOT owner.is_active THEN 'disabled' ELSE said.result END,
               to_timestamp(said.first), to_timestamp(said.last), said.times
        FROM jsonb_to_recordset(noted) AS said(
            login text, service text, address text, network text, neighbourhood text, country text, program text,
            result text, first float8, last float8, times integer
        )
        LEFT JOIN public.directory_user owner ON owner.id = engine.login_owner(said.login);

    FOR one IN
        INSERT INTO public.directory_loginrecord AS known
            (user_id, service, address, network, country, program, result, hour, first_at, last_at, times)
        SELECT user_id, service, address, min(network), min(country), program, result,
               floor(extract(epoch FROM last_at) / 3600)::bigint AS hour, min(first_at), max(last_at), sum(times)
        FROM pg_temp.given GROUP BY user_id, service, address, program, result, hour
        ON CONFLICT (user_id, service, address, program, result, hour) DO UPDATE
            SET last_at = greatest(known.last_at, excluded.last_at), times = known.times + excluded.times
        RETURNING user_id, service, address, network, program, result, last_at, times
    LOOP
        IF one.result = 'old-password' AND one.times >= stubborn THEN
            PERFORM engine.tell_owner(one.user_id, 'old-password', one.service, jsonb_build_object(
                'service', one.service, 'address', host(one.address), 'program', one.program, 'at', one.last_at));
        END IF;
    END LOOP;

    FOR one IN
        SELECT DISTINCT ON (user_id, neighbourhood) * FROM pg_temp.given
        WHERE result = 'good' AND user_id IS NOT NULL ORDER BY user_id, neighbourhood, first_at
    LOOP
        was_used := EXISTS (SELECT FROM public.directory_loginnetwork WHERE user_id = one.user_id);
        INSERT INTO public.directory_loginnetwork (user_id, network, country, first_at, last_at)
            VALUES (one.user_id, one.neighbourhood, one.country, one.first_at, one.last_at)
            ON CONFLICT (user_id, network) DO NOTHING;
        IF FOUND THEN
            -- The very first login of an account is its owner's own news.
            IF tell_new AND was_used THEN
                PERFORM engine.tell_owner(one.user_id, 'new-network', one.neighbourhood, jsonb_build_object(
                    'service', one.service, 'address', host(one.address), 'program', one.program,
                    'country', one.country, 'at', one.first_at));
            END IF;
        ELSE
            UPDATE public.directory_loginnetwork SET last_at = one.last_at
                WHERE user_id = one.user_id AND network = one.neighbourhood AND last_at < one.last_at;
        END IF;
    END LOOP;
END $$;

-- Lockouts that have begun: whose wrong passwords led to it hears of it once a day, if the network is one of his own. What
-- strangers guess at from elsewhere is no news to him.
CREATE FUNCTION engine.note_lockouts(begun jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one record;
BEGIN
    FOR one IN
        SELECT DISTINCT ON (tried.user_id) tried.user_id, tried.service, tried.address, tried.program, tried.last_at,
               said.at + said.seconds AS until
        FROM jsonb_to_recordset(begun) AS said(service text, network text, at float8, seconds float8, window_ float8)
        JOIN public.directory_loginrecord tried ON tried.network = said.network AND tried.service = said.service
        JOIN public.directory_loginnetwork own ON own.user_id = tried.user_id AND tried.address <<= own.network::inet
        WHERE tried.result IN ('wrong-password', 'old-password') AND tried.last_at >= to_timestamp(said.at - said.window_)
        ORDER BY tried.user_id, tried.times DESC
    LOOP
        PERFORM engine.tell_owner(one.user_id, 'lockout', to_char(one.last_at AT TIME ZONE 'UTC', 'YYYY-MM-DD'), jsonb_build_object(
            'service', one.service, 'address', host(one.address), 'program', one.program, 'at', one.last_at,
            'until', to_timestamp(one.until)));
    END LOOP;
END $$;

-- Shut attackers out of the gate, too: networks that were locked out for guesses at accounts which do not know them. Whom the
-- operators let through, and from where anybody logged in lately, is left alone. Gives how many are banned.
CREATE FUNCTION engine.ban_guessers(begun jsonb, seconds_ float8, longest float8, repeat_days float8) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    one record;
    banned integer := 0;
BEGIN
    FOR one IN
        SELECT said.network, max(said.guesses) AS guesses
        FROM jsonb_to_recordset(begun) AS said(network text, guesses integer)
        WHERE NOT EXISTS (
            SELECT FROM public.directory_networkentry entry
            WHERE entry.action = 'allow' AND entry.network::inet && said.network::inet
        ) AND NOT EXISTS (
            SELECT FROM public.directory_loginnetwork own WHERE own.network::inet >>= said.network::inet
        ) GROUP BY said.network
    LOOP
        PERFORM engine.ban(one.network, 'guessing', one.guesses, seconds_, longest, repeat_days);
        banned := banned + 1;
    END LOOP;
    RETURN banned;
END $$;

-- Forget what is older than so many days; networks that were not used for a year.
CREATE FUNCTION engine.prune_logins(keep_days integer) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    DELETE FROM public.directory_loginrecord WHERE last_at < now() - keep_days * interval '1 day';
    DELETE FROM public.directory_loginnetwork WHERE last_at < now() - interval '365 days';
$$;

REVOKE ALL ON FUNCTION engine.login_owner, engine.tell_owner, engine.note_logins, engine.note_lockouts, engine.ban_guessers,
    engine.prune_logins FROM PUBLIC;
GRANT USAGE ON SCHEMA engine TO mc_guard;
GRANT EXECUTE ON FUNCTION engine.note_logins, engine.note_lockouts, engine.ban_guessers, engine.prune_logins TO mc_guard;
-- With a login the center removes what is known of it.
GRANT SELECT, DELETE ON directory_loginrecord, directory_loginnetwork TO mc_center;
