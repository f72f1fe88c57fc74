"""What became of a suspicious copy stands at each recipient."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE ledger_recipient ADD COLUMN treatment text NOT NULL DEFAULT ''",
            reverse_sql="ALTER TABLE ledger_recipient DROP COLUMN treatment",
            state_operations=[
                migrations.AddField(model_name="recipient", name="treatment", field=models.TextField(default="")),
            ],
        ),
    ]
