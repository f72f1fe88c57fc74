DROP FUNCTION ledger_ensure_day(date), ledger_drop_before(date);
DROP TABLE ledger_transaction, ledger_recipient, ledger_event, ledger_queue, ledger_waiting, ledger_source;
DROP SEQUENCE ledger_event_id;
