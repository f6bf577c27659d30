"""What beat does by itself each hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone

from core.tasks import clear_sessions


@pytest.mark.django_db
def test_sessions_that_ran_out_are_removed_and_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.tasks.close_old_connections", lambda: None)  # the test's own would be among them
    for key, days in (("gone", -1), ("here", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days))
    clear_sessions()
    assert [row.session_key for row in Session.objects.all()] == ["here"]


def test_every_task_of_the_beat_exists() -> None:
    current_app.loader.import_default_modules()
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert {"core.clear_sessions", "documents.let_go_of_bundles"} <= asked
    assert asked <= set(current_app.tasks)
