"""Reports: where they were filed from, and whether their answer has gone out."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"

_STATES = [
    ("", "Nothing to send"),
    ("pending", "Waiting to be sent"),
    ("sending", "Being sent"),
    ("sent", "Sent"),
    ("failed", "Could not be sent"),
]


class Migration(migrations.Migration):
    dependencies = [("directory", "0007_notices")]

    operations = [
        migrations.AddField(
            "refusalreport", "reporter_network", models.CharField(max_length=43, blank=True, default="")
        ),
        migrations.AddField(
            "refusalreport", "mail_state", models.CharField(max_length=8, choices=_STATES, default="", blank=True)
        ),
        migrations.AddField("refusalreport", "mail_tries", models.IntegerField(default=0)),
        migrations.AddField("refusalreport", "mail_due_at", models.DateTimeField(null=True)),
        migrations.AddField("refusalreport", "mail_said", models.TextField(max_length=500, blank=True, default="")),
        migrations.AddIndex(
            "refusalreport",
            models.Index(
                fields=("mail_due_at",),
                name="directory_report_mail",
                condition=models.Q(mail_state__in=("pending", "sending")),
            ),
        ),
        migrations.RunSQL((_SQL / "report_answers.sql").read_text("utf-8")),
    ]
