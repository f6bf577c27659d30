"""The agreement as a paper: its words, its pages, its data and its places for signatures."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from contracts.papers import agreement_paper
from documents.engine import Rendered, render_paper
from tests.contracts.factories_contracts import make_agreement
from tests.factories import make_tree

pytestmark = pytest.mark.django_db
CODE = "7K3M9QZT0ABCDEFG"


@pytest.fixture
def rendered() -> Rendered:
    agreement = make_agreement(make_tree())
    found = render_paper(agreement_paper(agreement=agreement.pk), code=CODE)
    if folder := os.environ.get("PORTAL_KEEP_PAPERS"):
        Path(folder, "agreement.pdf").write_bytes(found.data)
    return found


def test_it_has_places_for_both_signatures_on_its_last_page(rendered: Rendered) -> None:
    lower, superior = rendered.boxes["sign-lower"], rendered.boxes["sign-superior"]
    assert lower.page == superior.page == rendered.pages
    assert lower.left < superior.left
    assert lower.right - lower.left > 150
    assert lower.top - lower.bottom > 80
