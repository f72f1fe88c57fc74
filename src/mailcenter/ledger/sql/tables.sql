-- The ledger's tables. All but the last two are partitioned by the UTC day on which the transaction began, so that
-- retention is the dropping of tables; everything about one transaction lies in the same day.

CREATE TABLE ledger_transaction (
    started_at timestamptz NOT NULL,
    reference text NOT NULL,
    node text NOT NULL,
    ended_at timestamptz NOT NULL,
    service text NOT NULL,
    client_address inet,
    client_name text NOT NULL,
    helo text NOT NULL,
    verdict text NOT NULL,
    stage text NOT NULL,
    code integer NOT NULL,
    enhanced text NOT NULL,
    reply text NOT NULL,
    rule text NOT NULL,
    tls text NOT NULL,
    login text NOT NULL,
    organisation_id bigint,
    domain_id bigint,
    mailbox_id bigint,
    mail_from text NOT NULL,
    header_from text NOT NULL,
    subject text NOT NULL,
    message_id text NOT NULL,
    size bigint NOT NULL,
    queue_id text NOT NULL,
    score double precision,
    facts jsonb NOT NULL,
    PRIMARY KEY (started_at, reference)
) PARTITION BY RANGE (started_at);
CREATE INDEX ledger_transaction_reference ON ledger_transaction (reference);
CREATE INDEX ledger_transaction_client ON ledger_transaction (client_address, started_at);
CREATE INDEX ledger_transaction_mail_from ON ledger_transaction (upper(mail_from), started_at);
CREATE INDEX ledger_transaction_message_id ON ledger_transaction (message_id) WHERE message_id <> '';
CREATE INDEX ledger_transaction_organisation ON ledger_transaction (organisation_id, started_at, reference) WHERE organisation_id IS NOT NULL;
CREATE INDEX ledger_transaction_domain ON ledger_transaction (domain_id, started_at, reference) WHERE domain_id IS NOT NULL;
CREATE INDEX ledger_transaction_mailbox ON ledger_transaction (mailbox_id, started_at, reference) WHERE mailbox_id IS NOT NULL;
-- Nearly all mail that knocks is refused; the audit and most searches are about the rest.
CREATE INDEX ledger_transaction_accepted ON ledger_transaction (started_at, reference) WHERE verdict = 'accept';

CREATE TABLE ledger_recipient (
    started_at timestamptz NOT NULL,
    reference text NOT NULL,
    position integer NOT NULL,
    address text NOT NULL,
    verdict text NOT NULL,
    kind text NOT NULL,
    organisation_id bigint,
    domain_id bigint,
    mailbox_id bigint,
    junk boolean NOT NULL,
    code integer NOT NULL,
    enhanced text NOT NULL,
    reply text NOT NULL,
    rule text NOT NULL,
    PRIMARY KEY (started_at, reference, position)
) PARTITION BY RANGE (started_at);
CREATE INDEX ledger_recipient_address ON ledger_recipient (upper(address), started_at);
CREATE INDEX ledger_recipient_organisation ON ledger_recipient (organisation_id, started_at, reference) WHERE organisation_id IS NOT NULL;
CREATE INDEX ledger_recipient_domain ON ledger_recipient (domain_id, started_at, reference) WHERE domain_id IS NOT NULL;
CREATE INDEX ledger_recipient_mailbox ON ledger_recipient (mailbox_id, started_at, reference) WHERE mailbox_id IS NOT NULL;

CREATE SEQUENCE ledger_event_id;
CREATE TABLE ledger_event (
    id bigint NOT NULL DEFAULT nextval('ledger_event_id'),
    at timestamptz NOT NULL,
    started_at timestamptz NOT NULL,
    reference text NOT NULL,
    node text NOT NULL,
    queue_id text NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    final_recipient text NOT NULL,
    dsn text NOT NULL,
    relay text NOT NULL,
    delay_ms bigint,
    text text NOT NULL,
    folder text NOT NULL
) PARTITION BY RANGE (started_at);
CREATE INDEX ledger_event_reference ON ledger_event (reference);

-- Which transaction a queue id of Postfix belongs to. A message that was made from another (a bounce, a redirect)
-- belongs to the transaction of its parent.
CREATE TABLE ledger_queue (
    started_at timestamptz NOT NULL,
    reference text NOT NULL,
    node text NOT NULL,
    queue_id text NOT NULL,
    parent text NOT NULL,
    relation text NOT NULL
) PARTITION BY RANGE (started_at);
CREATE INDEX ledger_queue_queue_id ON ledger_queue (queue_id);
CREATE INDEX ledger_queue_reference ON ledger_queue (reference);

-- What was read in the logs before it is known whose it is.
CREATE TABLE ledger_waiting (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    node text NOT NULL,
    key text NOT NULL,
    noted_at timestamptz NOT NULL DEFAULT now(),
    payload jsonb NOT NULL
);
CREATE INDEX ledger_waiting_key ON ledger_waiting (key);

-- How far each spool and log file has been read: changed in the transaction that writes the rows. `head` is how the
-- file begins, by which it is known again after a rotation.
CREATE TABLE ledger_source (
    node text NOT NULL,
    name text NOT NULL,
    inode bigint NOT NULL,
    position bigint NOT NULL,
    head bytea NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (node, name)
);
