"""A result of logins: the password was right, and yet it opened nothing."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0023_hosted_domains")]

    operations = [
        migrations.AlterField(
            model_name="loginrecord",
            name="result",
            field=models.CharField(
                choices=[
                    ("good", "Signed in"),
                    ("wrong-password", "Wrong password"),
                    ("old-password", "Uses an old password"),
                    ("refused", "Right password, but refused"),
                    ("locked", "Locked out"),
                    ("disabled", "May not log in"),
                    ("unknown", "No such account"),
                ],
                max_length=16,
            ),
        ),
    ]
