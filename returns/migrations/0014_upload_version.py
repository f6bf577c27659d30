from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("returns", "0013_baseline_former_hands")]

    operations = [
        migrations.AddField(
            model_name="uploadverdict",
            name="version",
            field=models.PositiveIntegerField(default=0, verbose_name="version"),
        ),
    ]
