"""Row-level security for second factors, sessions and each customer's audit."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0018_key_networks")]

    operations = [migrations.RunSQL((_SQL / "barrier_sessions.sql").read_text("utf-8"))]
