"""Papers of these tests use a template of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from documents.rendering import template_version
from tests.documents import factories_documents


@pytest.fixture(autouse=True)
def test_papers(settings: Settings) -> Iterator[None]:
    templates = settings.TEMPLATES[0] | {"DIRS": [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]}
    settings.TEMPLATES = [templates]
    template_version.cache_clear()
    factories_documents.SAID.clear()
    yield
    template_version.cache_clear()
