-- Row-level security of the ledger for the control center, as `directory/sql/barrier.sql` explains it. The ledger daemon's
-- role bypasses it; the notices daemon reads one column of all.

-- Whether who acts received or sent the mail; with the owner's rights, because the policies of two tables that look at each
-- other would never end.
CREATE FUNCTION engine.sent_by_acting(moment timestamptz, name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.ledger_transaction
        WHERE started_at = moment AND reference = name
          AND (organisation_id = ANY (engine.acting_organisations()) OR mailbox_id = engine.acting('mailbox')))
$$;

CREATE FUNCTION engine.received_by_acting(moment timestamptz, name text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM public.ledger_recipient
        WHERE started_at = moment AND reference = name
          AND (organisation_id = ANY (engine.acting_organisations()) OR mailbox_id = engine.acting('mailbox')))
$$;

ALTER TABLE ledger_transaction ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON ledger_transaction TO mc_center USING (
    organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[])
    OR mailbox_id = (SELECT engine.acting('mailbox')) OR engine.received_by_acting(started_at, reference));
CREATE POLICY daemons ON ledger_transaction TO mc_notices USING (true);

-- Of a mail to several tenants each sees his own recipients; who sent it sees all.
ALTER TABLE ledger_recipient ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON ledger_recipient TO mc_center USING (
    organisation_id = ANY ((SELECT engine.acting_organisations())::bigint[])
    OR mailbox_id = (SELECT engine.acting('mailbox')) OR engine.sent_by_acting(started_at, reference));

ALTER TABLE ledger_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON ledger_event TO mc_center USING (
    engine.sent_by_acting(started_at, reference) OR engine.received_by_acting(started_at, reference));

ALTER TABLE ledger_queue ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON ledger_queue TO mc_center USING (
    engine.sent_by_acting(started_at, reference) OR engine.received_by_acting(started_at, reference));

-- Of a mail that the reader sees, or to his own mailbox.
ALTER TABLE ledger_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY barrier ON ledger_notice TO mc_center USING (
    mailbox_id = (SELECT engine.acting('mailbox'))
    OR EXISTS (SELECT FROM ledger_transaction WHERE ledger_transaction.reference = ledger_notice.reference));
CREATE POLICY daemons ON ledger_notice TO mc_notices USING (true);

-- Of nobody yet.
ALTER TABLE ledger_waiting ENABLE ROW LEVEL SECURITY;
