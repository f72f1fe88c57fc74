"""Hashes of other systems, which are longer; and what the logins daemon may read and write."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0019_barrier_sessions")]

    operations = [
        migrations.RunSQL(
            "DROP FUNCTION engine.ask_dovecot_user(text); DROP VIEW engine.dovecot_user;"
            "DROP TRIGGER directory_changed ON directory_user;"
        ),
        migrations.AlterField("user", "password", models.CharField(max_length=255)),
        migrations.RunSQL((_SQL / "password_hashes.sql").read_text("utf-8")),
    ]
