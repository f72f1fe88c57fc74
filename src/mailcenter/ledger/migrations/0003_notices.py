"""Notices to the recipients of refused mail."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_treatment")]

    operations = [
        migrations.RunSQL(
            (_SQL / "notices.sql").read_text("utf-8"),
            "DROP TABLE ledger_notice_wanted, ledger_notice; DROP FUNCTION ledger_notice_notify()",
        )
    ]
