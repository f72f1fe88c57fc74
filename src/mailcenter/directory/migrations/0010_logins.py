"""The history of logins, with the functions by which the guard writes it."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_bans"),
    ]

    operations = [
        migrations.CreateModel(
            name="LoginNetwork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=43)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="login_networks",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [models.UniqueConstraint(fields=("user", "network"), name="one_row_per_login_network")],
            },
        ),
        migrations.CreateModel(
            name="LoginRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "service",
                    models.CharField(
                        choices=[
                            ("imap", "Reading mail (IMAP)"),
                            ("pop3", "Fetching mail (POP3)"),
                            ("sieve", "Filters (ManageSieve)"),
                            ("submission", "Sending mail (SMTP)"),
                            ("web", "Signing in to this control center"),
                        ],
                        max_length=16,
                    ),
                ),
                ("address", models.GenericIPAddressField()),
                ("network", models.CharField(max_length=43)),
                ("country", models.CharField(blank=True, max_length=2)),
                ("program", models.CharField(blank=True, max_length=80)),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("good", "Signed in"),
                            ("wrong-password", "Wrong password"),
                            ("old-password", "Uses an old password"),
                            ("locked", "Locked out"),
                            ("disabled", "May not log in"),
                            ("unknown", "No such account"),
                        ],
                        max_length=16,
                    ),
                ),
                ("hour", models.BigIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("times", models.IntegerField(default=1)),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="logins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [
                    models.Index(fields=["user", "last_at"], name="logins_of_user"),
                    models.Index(fields=["network", "last_at"], name="logins_of_network"),
                    models.Index(fields=["last_at"], name="logins_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "service", "address", "program", "result", "hour"),
                        name="logins_of_an_hour",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.AlterField(
            model_name="ban",
            name="cause",
            field=models.CharField(
                choices=[
                    ("harvesting", "Too many unknown recipients"),
                    ("refused", "Too many refused connections"),
                    ("errors", "Too many errors"),
                    ("guessing", "Guessing at passwords"),
                    ("operator", "By the operators"),
                ],
                max_length=16,
            ),
        ),
        migrations.RunSQL((_SQL / "logins.sql").read_text("utf-8")),
    ]
