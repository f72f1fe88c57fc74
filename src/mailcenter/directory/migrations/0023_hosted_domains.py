"""What the certificates daemon reads of the directory."""

from pathlib import Path

from django.db import migrations

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0022_password_policy")]

    operations = [migrations.RunSQL((_SQL / "hosted_domains.sql").read_text("utf-8"))]
