"""The audit tells whose domain and mailbox it is about, and who was signed in as a customer."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("directory", "0016_sessions")]

    operations = [
        migrations.AddField(
            "auditentry",
            "behind_user",
            models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("auditentry", "behind_login", models.CharField(blank=True, default="", max_length=320)),
        migrations.AddField("auditentry", "domain_id", models.BigIntegerField(null=True)),
        migrations.AddField("auditentry", "mailbox_id", models.BigIntegerField(null=True)),
        migrations.RunSQL((_SQL / "audit_places.sql").read_text("utf-8")),
        migrations.AddIndex("auditentry", models.Index(fields=["mailbox_id", "-at"], name="directory_audit_mailbox")),
        migrations.AddIndex("auditentry", models.Index(fields=["domain_id", "-at"], name="directory_audit_domain")),
    ]
