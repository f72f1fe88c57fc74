"""How suspicious mail is treated: set for a domain or a mailbox, where it differs from what stands above."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class SpamAction(models.TextChoices):
    """What becomes of mail from `junk_score` on that is not refused (seed 2)."""

    JUNK = "junk", _("Into the Junk folder")
    MARK = "mark", _("Mark the subject")
    FORWARD = "forward", _("Forward to another address")
    NOTHING = "nothing", _("Nothing")


_SCORE_BOUNDS = (MinValueValidator(0), MaxValueValidator(999))


class Treatment(models.Model):
    """Null: as the domain says, and where that says nothing, as the platform does (rule `spam`)."""

    junk_score = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True, validators=_SCORE_BOUNDS)
    refuse_score = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True, validators=_SCORE_BOUNDS)
    spam_action = models.CharField(max_length=8, choices=SpamAction.choices, null=True, blank=True)
    spam_forward_to = models.CharField(max_length=320, null=True, blank=True)
    notices = models.BooleanField(null=True)
    """Notices about refused viruses and attachments (seed 4)."""

    class Meta:
        abstract = True
