-- Whether who acts received or sent a mail, asked once for each row: in PL/pgSQL, which plans it once for a session. A function in
-- SQL was planned anew for each statement and each of its partitions, a millisecond every time.

CREATE OR REPLACE FUNCTION engine.sent_by_acting(moment timestamptz, name text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.ledger_transaction
        WHERE started_at = moment AND reference = name
          AND (organisation_id = ANY (engine.acting_organisations()) OR mailbox_id = engine.acting('mailbox')));
END $$;

CREATE OR REPLACE FUNCTION engine.received_by_acting(moment timestamptz, name text) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM public.ledger_recipient
        WHERE started_at = moment AND reference = name
          AND (organisation_id = ANY (engine.acting_organisations()) OR mailbox_id = engine.acting('mailbox')));
END $$;
