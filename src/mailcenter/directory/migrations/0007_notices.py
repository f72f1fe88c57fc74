"""What the notices daemon asks about mailboxes."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0006_mailbox_usage")]

    operations = [migrations.RunSQL((_SQL / "notices.sql").read_text("utf-8"), "DROP VIEW engine.notice_reader")]
