-- The ledger daemon writes and never changes or deletes what is written; the center reads.
REVOKE ALL ON FUNCTION ledger_ensure_day(date), ledger_drop_before(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_ensure_day(date), ledger_drop_before(date) TO mc_ledger;
GRANT SELECT, INSERT ON ledger_transaction, ledger_recipient, ledger_event, ledger_queue TO mc_ledger;
GRANT USAGE ON SEQUENCE ledger_event_id TO mc_ledger;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_waiting, ledger_source TO mc_ledger;
GRANT SELECT ON ledger_transaction, ledger_recipient, ledger_event, ledger_queue, ledger_waiting TO mc_center;
