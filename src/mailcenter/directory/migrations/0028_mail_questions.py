"""What Postfix and Dovecot ask for every mail, answered in fewer steps."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0027_platform_passwords")]

    operations = [migrations.RunSQL((_SQL / "mail_questions.sql").read_text("utf-8"))]
