"""The questions of Postfix and Dovecot as functions, planned once for each connection."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_gate_policy")]

    operations = [migrations.RunSQL((_SQL / "lookups.sql").read_text("utf-8"))]
