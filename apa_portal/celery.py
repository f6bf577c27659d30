"""The Celery application that runs jobs: ``celery -A apa_portal worker -B``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apa_portal.settings")
app = Celery("apa_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
