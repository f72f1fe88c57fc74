"""The ledger's tables in SQL (partitions are beyond Django), their rights, and the models that read them."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


def _sql(name: str) -> str:
    return (_SQL / name).read_text("utf-8")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.RunSQL(_sql("tables.sql"), _sql("drop.sql")),
        migrations.RunSQL(_sql("partitions.sql"), migrations.RunSQL.noop),
        migrations.RunSQL(_sql("grants.sql"), migrations.RunSQL.noop),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("started_at", models.DateTimeField()),
                ("reference", models.TextField()),
                ("node", models.TextField()),
                ("queue_id", models.TextField()),
                ("kind", models.TextField()),
                ("recipient", models.TextField()),
                ("final_recipient", models.TextField()),
                ("dsn", models.TextField()),
                ("relay", models.TextField()),
                ("delay_ms", models.BigIntegerField(null=True)),
                ("text", models.TextField()),
                ("folder", models.TextField()),
            ],
            options={
                "db_table": "ledger_event",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="QueueId",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "started_at", "node", "queue_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("reference", models.TextField()),
                ("node", models.TextField()),
                ("queue_id", models.TextField()),
                ("parent", models.TextField()),
                ("relation", models.TextField()),
            ],
            options={
                "db_table": "ledger_queue",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "started_at",
                        "reference",
                        "position",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("reference", models.TextField()),
                ("position", models.IntegerField()),
                ("address", models.TextField()),
                ("verdict", models.TextField()),
                ("kind", models.TextField()),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("domain_id", models.BigIntegerField(null=True)),
                ("mailbox_id", models.BigIntegerField(null=True)),
                ("junk", models.BooleanField()),
                ("code", models.IntegerField()),
                ("enhanced", models.TextField()),
                ("reply", models.TextField()),
                ("rule", models.TextField()),
            ],
            options={
                "db_table": "ledger_recipient",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Transaction",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "started_at", "reference", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("reference", models.TextField()),
                ("node", models.TextField()),
                ("ended_at", models.DateTimeField()),
                ("service", models.TextField()),
                ("client_address", models.GenericIPAddressField(null=True)),
                ("client_name", models.TextField()),
                ("helo", models.TextField()),
                ("verdict", models.TextField()),
                ("stage", models.TextField()),
                ("code", models.IntegerField()),
                ("enhanced", models.TextField()),
                ("reply", models.TextField()),
                ("rule", models.TextField()),
                ("tls", models.TextField()),
                ("login", models.TextField()),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("domain_id", models.BigIntegerField(null=True)),
                ("mailbox_id", models.BigIntegerField(null=True)),
                ("mail_from", models.TextField()),
                ("header_from", models.TextField()),
                ("subject", models.TextField()),
                ("message_id", models.TextField()),
                ("size", models.BigIntegerField()),
                ("queue_id", models.TextField()),
                ("score", models.FloatField(null=True)),
                ("facts", models.JSONField()),
            ],
            options={
                "db_table": "ledger_transaction",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Waiting",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("node", models.TextField()),
                ("key", models.TextField()),
                ("noted_at", models.DateTimeField()),
                ("payload", models.JSONField()),
            ],
            options={
                "db_table": "ledger_waiting",
                "managed": False,
            },
        ),
    ]
