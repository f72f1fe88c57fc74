"""A mail domain of an organisation."""

from __future__ import annotations

from django.db import models


class Domain(models.Model):
    """`name` is in lower case with A-labels (RFC 5890), `unicode_name` is for people; neither ever changes."""

    organisation = models.ForeignKey("directory.Organisation", on_delete=models.PROTECT, related_name="domains")
    name = models.CharField(max_length=253, unique=True)
    unicode_name = models.CharField(max_length=253, unique=True)
    is_active = models.BooleanField(default=True)
    catch_all = models.CharField(max_length=320, null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.unicode_name
