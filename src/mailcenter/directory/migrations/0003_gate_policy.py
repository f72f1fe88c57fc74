"""Rules, networks, senders, treatments and reports, with the views that the gate and Dovecot read of them."""

from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="NetworkEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=43, unique=True)),
                (
                    "action",
                    models.CharField(
                        choices=[("allow", "Always let through"), ("refuse", "Always refuse")], max_length=8
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ("network",),
            },
        ),
        migrations.CreateModel(
            name="RuleSetting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=40, unique=True)),
                ("enabled", models.BooleanField(default=True)),
                ("thresholds", models.JSONField(default=dict)),
            ],
            options={
                "ordering": ("rule",),
            },
        ),
        migrations.AddField(
            model_name="domain",
            name="blocked_extensions",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=16), blank=True, null=True, size=None
            ),
        ),
        migrations.AddField(
            model_name="domain",
            name="encrypted_archives",
            field=models.CharField(
                blank=True, choices=[("accept", "Accept"), ("refuse", "Refuse")], max_length=8, null=True
            ),
        ),
        migrations.AddField(
            model_name="domain",
            name="junk_score",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                max_digits=5,
                null=True,
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(999)],
            ),
        ),
        migrations.AddField(
            model_name="domain",
            name="notices",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="domain",
            name="refuse_score",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                max_digits=5,
                null=True,
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(999)],
            ),
        ),
        migrations.AddField(
            model_name="domain",
            name="spam_action",
            field=models.CharField(
                blank=True,
                choices=[
                    ("junk", "Into the Junk folder"),
                    ("mark", "Mark the subject"),
                    ("forward", "Forward to another address"),
                    ("nothing", "Nothing"),
                ],
                max_length=8,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="domain",
            name="spam_forward_to",
            field=models.CharField(blank=True, max_length=320, null=True),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="junk_score",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                max_digits=5,
                null=True,
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(999)],
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="notices",
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="refuse_score",
            field=models.DecimalField(
                blank=True,
                decimal_places=1,
                max_digits=5,
                null=True,
                validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(999)],
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="spam_action",
            field=models.CharField(
                blank=True,
                choices=[
                    ("junk", "Into the Junk folder"),
                    ("mark", "Mark the subject"),
                    ("forward", "Forward to another address"),
                    ("nothing", "Nothing"),
                ],
                max_length=8,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="spam_forward_to",
            field=models.CharField(blank=True, max_length=320, null=True),
        ),
        migrations.CreateModel(
            name="RefusalReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reference", models.CharField(db_index=True, max_length=13)),
                ("started_at", models.DateTimeField()),
                ("reporter_name", models.CharField(blank=True, max_length=200)),
                ("reporter_email", models.CharField(max_length=320)),
                ("message", models.TextField(max_length=4000)),
                ("language", models.CharField(max_length=2)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("answered", "Answered"),
                            ("allowed", "Sender allowed"),
                            ("rejected", "Rejected"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=4000)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("handled_at", models.DateTimeField(null=True)),
                (
                    "handled_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("-created_at", "-pk"),
                "indexes": [models.Index(fields=["status", "-created_at"], name="directory_report_status")],
            },
        ),
        migrations.CreateModel(
            name="SenderEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("action", models.CharField(choices=[("allow", "Allow"), ("deny", "Refuse")], max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("address", "One address"),
                            ("domain", "All of a domain"),
                            ("subdomains", "All of a domain and its subdomains"),
                        ],
                        max_length=12,
                    ),
                ),
                ("pattern", models.CharField(max_length=320)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "domain",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sender_entries",
                        to="directory.domain",
                    ),
                ),
                (
                    "mailbox",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sender_entries",
                        to="directory.mailbox",
                    ),
                ),
            ],
            options={
                "ordering": ("pattern", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pattern", "kind", "domain", "mailbox"),
                        name="directory_senderentry_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("domain__isnull", True), ("mailbox__isnull", True), _connector="OR"),
                        name="directory_senderentry_owner",
                    ),
                ],
            },
        ),
        migrations.RunSQL((_SQL / "gate_policy.sql").read_text("utf-8")),
    ]
