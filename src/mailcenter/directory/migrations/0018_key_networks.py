"""API keys that can be used from some networks only, and the address of their last use."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0017_audit_places")]

    operations = [
        migrations.AddField(
            "apikey",
            "networks",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=43), blank=True, default=list, size=None
            ),
        ),
        migrations.AddField("apikey", "last_used_from", models.CharField(blank=True, default="", max_length=45)),
    ]
