-- Notices to recipients. The ledger daemon puts the recipients of a refused mail into the first table, together with the mail's
-- record; the notices daemon takes them out of it and into the second one, which remembers whom it has told of which sender.

CREATE TABLE ledger_notice_wanted (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    wanted jsonb NOT NULL
);

CREATE TABLE ledger_notice (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    mailbox_id bigint NOT NULL,
    sender text NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    reference text NOT NULL,
    details jsonb NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'failed')),
    tries integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT now(),
    changed_at timestamptz NOT NULL DEFAULT now(),
    answer text NOT NULL DEFAULT '',
    -- At most one per sender and day, however many mails were refused and whichever of his addresses they were for.
    UNIQUE (mailbox_id, day, sender, kind)
);
CREATE INDEX ledger_notice_open ON ledger_notice (due_at) WHERE state IN ('pending', 'sending');
CREATE INDEX ledger_notice_reference ON ledger_notice (reference);
CREATE INDEX ledger_notice_day ON ledger_notice (day);

CREATE FUNCTION ledger_notice_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_catalog.pg_notify('notice_wanted', '');
    RETURN NULL;
END $$;
CREATE TRIGGER ledger_notice_wanted AFTER INSERT ON ledger_notice_wanted
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_notice_notify();

GRANT INSERT ON ledger_notice_wanted TO mc_ledger;
GRANT SELECT, UPDATE, DELETE ON ledger_notice_wanted TO mc_notices;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_notice TO mc_notices;
-- To see whether a notice was queued before the daemon was killed.
GRANT SELECT (message_id) ON ledger_transaction TO mc_notices;
