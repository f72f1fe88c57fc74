"""How much room mailboxes take, and which are full."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0005_delivery")]

    operations = [
        migrations.CreateModel(
            name="MailboxUsage",
            fields=[
                (
                    "mailbox",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="usage",
                        serialize=False,
                        to="directory.mailbox",
                    ),
                ),
                ("used_bytes", models.BigIntegerField()),
                ("messages", models.BigIntegerField()),
                ("counted_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL((_SQL / "mailbox_usage.sql").read_text("utf-8")),
    ]
