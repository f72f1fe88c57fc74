"""App passwords, the switch that leaves mail programs to them, and sessions that are to end."""

from pathlib import Path

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"
_ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


class Migration(migrations.Migration):
    dependencies = [("directory", "0020_password_hashes")]

    operations = [
        migrations.CreateModel(
            name="AppPassword",
            fields=[
                ("id", _ID),
                ("name", models.CharField(max_length=100)),
                ("digest", models.CharField(max_length=64, unique=True)),
                (
                    "services",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), size=None),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_service", models.CharField(blank=True, default="", max_length=16)),
                ("last_used_address", models.CharField(blank=True, default="", max_length=45)),
                ("last_used_program", models.CharField(blank=True, default="", max_length=200)),
                (
                    "mailbox",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="app_passwords",
                        to="directory.mailbox",
                    ),
                ),
            ],
            options={"ordering": ("pk",)},
        ),
        migrations.CreateModel(
            name="SessionEnd",
            fields=[
                ("id", _ID),
                ("address", models.CharField(max_length=320)),
                ("wanted_at", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddField("mailbox", "app_passwords_only", models.BooleanField(default=False)),
        migrations.AddField("domain", "app_passwords_only", models.BooleanField(default=False)),
        migrations.RunSQL((_SQL / "app_passwords.sql").read_text("utf-8")),
    ]
