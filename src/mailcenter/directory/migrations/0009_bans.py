"""Client networks that are shut out for a while, with the functions by which daemons make and end bans."""

from pathlib import Path

from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0008_report_answers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ban",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("network", models.CharField(max_length=43)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("harvesting", "Too many unknown recipients"),
                            ("refused", "Too many refused connections"),
                            ("errors", "Too many errors"),
                            ("operator", "By the operators"),
                        ],
                        max_length=16,
                    ),
                ),
                ("offences", models.IntegerField(default=0)),
                ("turned_away", models.BigIntegerField(default=0)),
                ("note", models.CharField(blank=True, max_length=200)),
                ("started_at", models.DateTimeField(auto_now_add=True)),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["network", "started_at"], name="ban_history")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)), fields=("network",), name="one_ban_at_a_time"
                    )
                ],
            },
        ),
        migrations.RunSQL((_SQL / "bans.sql").read_text("utf-8")),
    ]
