"""Young days of the ledger are analyzed less often."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0061_barrier_plans")]

    operations = [migrations.RunSQL((_SQL / "partitions_analyze.sql").read_text("utf-8"))]
