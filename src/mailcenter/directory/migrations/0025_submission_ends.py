"""The gate hears of accounts whose sessions end."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0024_logins_refused")]

    operations = [migrations.RunSQL((_SQL / "submission_ends.sql").read_text("utf-8"))]
