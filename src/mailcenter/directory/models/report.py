"""A postmaster's report that a mail was refused wrongly (promise A16)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportStatus(models.TextChoices):
    """What the operator made of it."""

    OPEN = "open", _("Open")
    ANSWERED = "answered", _("Answered")
    ALLOWED = "allowed", _("Sender allowed")
    REJECTED = "rejected", _("Rejected")


class MailState(models.TextChoices):
    """Whether the answer has gone out: the report is its own outbox, so that no answer is lost or sent twice."""

    NONE = "", _("Nothing to send")
    PENDING = "pending", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")


class RefusalReport(models.Model):
    """`reference` and `started_at` are those of the transaction in the ledger.

    `reporter_network` is where it was filed from, for the limit of reports; the mail_* fields are about the answer.
    """

    reference = models.CharField(max_length=13, db_index=True)
    started_at = models.DateTimeField()
    reporter_name = models.CharField(max_length=200, blank=True)
    reporter_email = models.CharField(max_length=320)
    message = models.TextField(max_length=4000)
    language = models.CharField(max_length=2)
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=ReportStatus.OPEN)
    answer = models.TextField(max_length=4000, blank=True)
    handled_by = models.ForeignKey("directory.User", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True)
    reporter_network = models.CharField(max_length=43, blank=True, default="")
    mail_state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.NONE, blank=True)
    mail_tries = models.IntegerField(default=0)
    mail_due_at = models.DateTimeField(null=True)
    mail_said = models.TextField(max_length=500, blank=True, default="")
    """What Postfix answered, or why it could not be asked."""

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("status", "-created_at"), name="directory_report_status"),
            models.Index(
                fields=("mail_due_at",),
                name="directory_report_mail",
                condition=models.Q(mail_state__in=("pending", "sending")),
            ),
        )

    def __str__(self) -> str:
        return self.reference
