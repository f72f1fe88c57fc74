"""postmaster and abuse of a domain that has no such address reach the host's postmaster."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0028_mail_questions")]

    operations = [migrations.RunSQL((_SQL / "human_recipients.sql").read_text("utf-8"))]
