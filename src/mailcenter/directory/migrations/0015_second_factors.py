"""Second factors for the center: authenticator apps, passkeys, recovery codes."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

_SQL = Path(__file__).resolve().parent.parent / "sql"


def _user(related_name):
    return models.ForeignKey(on_delete=models.deletion.CASCADE, related_name=related_name, to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    dependencies = [("directory", "0014_barrier")]

    operations = [
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("totp", "Authenticator app"), ("passkey", "Passkey")], max_length=8),
                ),
                ("name", models.CharField(max_length=100)),
                ("secret", models.TextField(blank=True)),
                ("credential", models.BinaryField(default=b"")),
                ("counter", models.BigIntegerField(default=0)),
                ("wrong_codes", models.IntegerField(default=0)),
                ("wrong_since", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("user", _user("second_factors")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "totp")), fields=("user",), name="one_authenticator_app"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("user", _user("recovery_codes")),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [models.UniqueConstraint(fields=("user", "digest"), name="recovery_code_once")],
            },
        ),
        migrations.RunSQL((_SQL / "second_factors.sql").read_text("utf-8")),
    ]
