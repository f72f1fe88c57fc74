"""How strong passwords must be, from when on, and whether one is known to be weak."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0021_app_passwords")]

    operations = [
        migrations.AddField("user", "password_weak", models.BooleanField(default=False)),
        migrations.AddField("user", "password_judged", models.SmallIntegerField(blank=True, null=True)),
        migrations.AddField("domain", "password_minimum", models.SmallIntegerField(blank=True, null=True)),
        migrations.AddField("domain", "password_deadline", models.DateField(blank=True, null=True)),
        migrations.RunSQL((_SQL / "password_policy.sql").read_text("utf-8")),
    ]
