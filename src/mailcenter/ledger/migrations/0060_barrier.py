"""Row-level security of the ledger for the control center."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0014_barrier"),
        ("ledger", "0050_notices_told"),
    ]

    operations = [
        migrations.RunSQL((_SQL / "barrier.sql").read_text("utf-8")),
    ]
