"""The treatment of a mailbox, found quickly at each delivery."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0004_lookups")]

    operations = [migrations.RunSQL((_SQL / "delivery.sql").read_text("utf-8"))]
