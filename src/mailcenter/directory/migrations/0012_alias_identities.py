"""A mailbox is its own alias, so that Postfix asks once for each mail."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0011_report_again")]

    operations = [migrations.RunSQL((_SQL / "alias_identities.sql").read_text("utf-8"), migrations.RunSQL.noop)]
