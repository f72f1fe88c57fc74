-- The ledger's tables only grow, and are asked by their indexes. By PostgreSQL's defaults (every 50 rows and a tenth) a young
-- day is looked through again every minute, which takes as long as writing its rows; a day that nobody looked through is
-- asked by the same indexes.

CREATE FUNCTION ledger_analyze_seldom(child text) RETURNS void LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    EXECUTE format(
        'ALTER TABLE %I SET (autovacuum_analyze_threshold = 5000, autovacuum_analyze_scale_factor = 0.5,'
        ' autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.5)',
        child
    );
END $$;
REVOKE ALL ON FUNCTION ledger_analyze_seldom(text) FROM PUBLIC;

CREATE OR REPLACE FUNCTION ledger_ensure_day(day date) RETURNS void
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
        PERFORM ledger_analyze_seldom(child);
        EXECUTE format(
            'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
            parent, child, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC'
        );
    END LOOP;
END $$;

SELECT ledger_analyze_seldom(partition.relname)
FROM pg_inherits
JOIN pg_class partition ON partition.oid = inhrelid
JOIN pg_class parent ON parent.oid = inhparent
WHERE parent.relname IN ('ledger_transaction', 'ledger_recipient', 'ledger_event', 'ledger_queue')
  AND parent.relkind = 'p' AND parent.relnamespace = 'public'::regnamespace;
