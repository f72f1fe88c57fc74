"""The barrier's questions for each row of the ledger, planned once."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0060_barrier")]

    operations = [
        migrations.RunSQL((_SQL / "barrier_plans.sql").read_text("utf-8")),
    ]
