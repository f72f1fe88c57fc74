"""Row-level security for the control center."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0013_limits"),
    ]

    operations = [
        migrations.RunSQL((_SQL / "acting.sql").read_text("utf-8")),
        migrations.RunSQL((_SQL / "barrier.sql").read_text("utf-8")),
    ]
