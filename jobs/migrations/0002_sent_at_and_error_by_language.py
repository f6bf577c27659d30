import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial")]

    operations = [
        migrations.RemoveField("job", "error"),
        migrations.AddField("job", "error", models.JSONField(default=dict, verbose_name="error")),
        migrations.AddField(
            "job",
            "sent_at",
            models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent to the workers at"),
        ),
        migrations.AddIndex("job", models.Index(fields=["state", "sent_at"], name="jobs_job_state_sent_idx")),
    ]
