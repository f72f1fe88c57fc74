"""Customers of resellers, and the limits of organisations."""

import django.db.models.deletion
from django.db import migrations, models

_NUMBERS = ("most_domains", "most_mailboxes", "most_aliases", "most_bytes")


def _limit(name: str) -> migrations.AddConstraint:
    return migrations.AddConstraint(
        model_name="organisation",
        constraint=models.CheckConstraint(
            condition=models.Q((f"{name}__isnull", True), (f"{name}__gte", 0), _connector="OR"),
            name=f"directory_organisation_{name}",
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0012_alias_identities"),
    ]

    operations = [
        migrations.AddField(
            model_name="organisation",
            name="reseller",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="customers",
                to="directory.organisation",
            ),
        ),
        *(
            migrations.AddField(model_name="organisation", name=name, field=models.IntegerField(blank=True, null=True))
            for name in _NUMBERS[:3]
        ),
        migrations.AddField(
            model_name="organisation", name="most_bytes", field=models.BigIntegerField(blank=True, null=True)
        ),
        *map(_limit, _NUMBERS),
    ]
