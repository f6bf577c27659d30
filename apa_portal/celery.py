"""The Celery application that runs jobs: ``celery -A apa_portal worker -B``."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from kombu.transport import TRANSPORT_ALIASES

from apa_portal import serving

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apa_portal.settings")
# ``filesystem://``, of several processes
TRANSPORT_ALIASES["filesystem"] = "apa_portal.messages:Transport"
app = Celery("apa_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


def hold_instance(**_signal: Any) -> None:
    """Worker and beat say that the instance is being served."""
    from django.conf import settings

    serving.hold(settings.PORTAL_HOME)


worker_init.connect(hold_instance)
beat_init.connect(hold_instance)
