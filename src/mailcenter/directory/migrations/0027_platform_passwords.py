"""The operators' word about passwords, and reminders of weak ones by the clock."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0026_app_password_country"),
        ("ledger", "0060_barrier"),
    ]

    operations = [
        migrations.CreateModel(
            name="PasswordPolicy",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("password_minimum", models.SmallIntegerField(blank=True, null=True)),
                ("password_deadline", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="passwordpolicy",
            constraint=models.CheckConstraint(condition=models.Q(("id", 1)), name="directory_passwordpolicy_one"),
        ),
        migrations.RunSQL((_SQL / "platform_passwords.sql").read_text("utf-8")),
    ]
