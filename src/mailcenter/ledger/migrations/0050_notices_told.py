"""The story of a refused mail tells that its recipients were told; operators are told of new reports once a day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_notices")]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("reference", models.TextField()),
                ("state", models.TextField()),
                ("changed_at", models.DateTimeField()),
                ("details", models.JSONField()),
            ],
            options={"db_table": "ledger_notice", "managed": False},
        ),
        migrations.RunSQL(
            "GRANT SELECT (id, reference, state, changed_at, details) ON ledger_notice TO mc_center",
            "REVOKE SELECT (id, reference, state, changed_at, details) ON ledger_notice FROM mc_center",
        ),
        migrations.RunSQL(
            "CREATE TABLE ledger_report_reminder (day date PRIMARY KEY, sent_at timestamptz);"
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ledger_report_reminder TO mc_notices",
            "DROP TABLE ledger_report_reminder",
        ),
    ]
