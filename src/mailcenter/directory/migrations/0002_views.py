"""Triggers, the views that the daemons read, and the rights of each role."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("sessions", "0001_initial")]

    operations = [
        migrations.RunSQL((_SQL / "addresses.sql").read_text("utf-8")),
        migrations.RunSQL((_SQL / "views.sql").read_text("utf-8")),
        migrations.RunSQL((_SQL / "grants.sql").read_text("utf-8")),
    ]
