"""The ledger's tables as Django reads them. Nothing writes through them: the ledger daemon does, in SQL."""

from __future__ import annotations

from django.db import models


class Transaction(models.Model):
    """One SMTP transaction; the fields are those of `record.TransactionRecord`."""

    pk = models.CompositePrimaryKey("started_at", "reference")
    started_at = models.DateTimeField()
    reference = models.TextField()
    node = models.TextField()
    ended_at = models.DateTimeField()
    service = models.TextField()
    client_address = models.GenericIPAddressField(null=True)
    client_name = models.TextField()
    helo = models.TextField()
    verdict = models.TextField()
    stage = models.TextField()
    code = models.IntegerField()
    enhanced = models.TextField()
    reply = models.TextField()
    rule = models.TextField()
    tls = models.TextField()
    login = models.TextField()
    organisation_id = models.BigIntegerField(null=True)
    domain_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    mail_from = models.TextField()
    header_from = models.TextField()
    subject = models.TextField()
    message_id = models.TextField()
    size = models.BigIntegerField()
    queue_id = models.TextField()
    score = models.FloatField(null=True)
    facts = models.JSONField()

    class Meta:
        managed = False
        db_table = "ledger_transaction"

    def __str__(self) -> str:
        return self.reference


class Recipient(models.Model):
    """What was decided for one RCPT TO of a transaction."""

    pk = models.CompositePrimaryKey("started_at", "reference", "position")
    started_at = models.DateTimeField()
    reference = models.TextField()
    position = models.IntegerField()
    address = models.TextField()
    verdict = models.TextField()
    kind = models.TextField()
    organisation_id = models.BigIntegerField(null=True)
    domain_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    junk = models.BooleanField()
    code = models.IntegerField()
    enhanced = models.TextField()
    reply = models.TextField()
    rule = models.TextField()
    treatment = models.TextField(default="")

    class Meta:
        managed = False
        db_table = "ledger_recipient"

    def __str__(self) -> str:
        return f"{self.reference} {self.address}"


class Event(models.Model):
    """What a daemon's log said about a message afterwards; `kind` is one of `events.KINDS`."""

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    started_at = models.DateTimeField()
    reference = models.TextField()
    node = models.TextField()
    queue_id = models.TextField()
    kind = models.TextField()
    recipient = models.TextField()
    final_recipient = models.TextField()
    dsn = models.TextField()
    relay = models.TextField()
    delay_ms = models.BigIntegerField(null=True)
    text = models.TextField()
    folder = models.TextField()

    class Meta:
        managed = False
        db_table = "ledger_event"

    def __str__(self) -> str:
        return f"{self.reference} {self.kind} {self.recipient}"


class QueueId(models.Model):
    """The transaction that a queue id of Postfix belongs to; `relation` says how a child came from its `parent`."""

    pk = models.CompositePrimaryKey("started_at", "node", "queue_id")
    started_at = models.DateTimeField()
    reference = models.TextField()
    node = models.TextField()
    queue_id = models.TextField()
    parent = models.TextField()
    relation = models.TextField()

    class Meta:
        managed = False
        db_table = "ledger_queue"

    def __str__(self) -> str:
        return f"{self.queue_id} of {self.reference}"


class Notice(models.Model):
    """A notice to the reader of an address about a mail that was refused for what it held; `details` names both."""

    id = models.BigIntegerField(primary_key=True)
    reference = models.TextField()
    state = models.TextField()
    changed_at = models.DateTimeField()
    details = models.JSONField()

    class Meta:
        managed = False
        db_table = "ledger_notice"

    def __str__(self) -> str:
        return f"{self.reference} {self.state}"

    @property
    def address(self) -> str:
        """The recipient whose reader is told."""
        return str(self.details.get("address", ""))


class Waiting(models.Model):
    """A log line read before it was known whose it is."""

    id = models.BigIntegerField(primary_key=True)
    node = models.TextField()
    key = models.TextField()
    noted_at = models.DateTimeField()
    payload = models.JSONField()

    class Meta:
        managed = False
        db_table = "ledger_waiting"

    def __str__(self) -> str:
        return self.key
