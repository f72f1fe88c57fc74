-- Only the owner of the tables makes and drops partitions; the ledger daemon may ask for exactly these two deeds.

CREATE FUNCTION ledger_ensure_day(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    parent text;
    child text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger_ensure_day'));
    FOREACH parent IN ARRAY ARRAY['ledger_transaction', 'ledger_recipient', 'ledger_event', 'ledger_queue'] LOOP
        child := parent || '_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(child) IS NOT NULL;
        -- Attaching a finished table does not lock readers out, as CREATE TABLE ... PARTITION OF would.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
        EXECUTE format(
            'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, child, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC'
        );
    END LOOP;
END $$;

CREATE FUNCTION ledger_drop_before(day date) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    child text;
    dropped integer := 0;
BEGIN
    IF day >= (now() AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'the ledger keeps at least one whole day';
    END IF;
    FOR child IN
        SELECT partition.relname
        FROM pg_inherits
        JOIN pg_class partition ON partition.oid = inhrelid
        JOIN pg_class parent ON parent.oid = inhparent
        WHERE parent.relname IN ('ledger_transaction', 'ledger_recipient', 'ledger_event', 'ledger_queue')
          AND parent.relnamespace = 'public'::regnamespace
          AND right(partition.relname, 8) < to_char(day, 'YYYYMMDD')
        ORDER BY partition.relname
    LOOP
        EXECUTE format('DROP TABLE %I', child);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
