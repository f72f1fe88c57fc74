"""The country from which an app password was used last."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0025_submission_ends")]

    operations = [
        migrations.AddField("apppassword", "last_used_country", models.CharField(blank=True, default="", max_length=2)),
        migrations.RunSQL((_SQL / "app_password_country.sql").read_text("utf-8")),
    ]
