"""The notices daemon tells the answers to one report apart by their time, and counts the new reports."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0010_logins"),
    ]

    operations = [
        migrations.RunSQL(
            "GRANT SELECT (handled_at, status, created_at) ON directory_refusalreport TO mc_notices",
            "REVOKE SELECT (handled_at, status, created_at) ON directory_refusalreport FROM mc_notices",
        ),
    ]
