"""The agreement as a paper: its words, its pages, its data and its places for signatures."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from contracts.papers import agreement_paper
from contracts.services import propose_agreement
from documents.engine import Rendered, render_paper
from documents.rendering import render_html
from tests.contracts.factories_contracts import JULY, make_agreement
from tests.factories import make_head, make_tree

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


def pages_of(rendered: Rendered) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(rendered.data)]


def test_nearly_every_bangla_word_is_found_by_a_reader() -> None:
    paper = agreement_paper(agreement=make_agreement(make_tree()).pk)
    source = re.sub(r"<(title|svg|style)\b.*?</\1>", " ", render_html(paper, code=CODE), flags=re.S)
    wanted = set(re.findall(r"[\u0980-\u09ff\u200c\u200d]+", re.sub(r"<[^>]+>", " ", source)))
    text = "\n".join(pages_of(render_paper(paper, code=CODE)))
    missed = {word for word in wanted if word not in text}
    assert len(wanted) > 250
    assert len(missed) / len(wanted) <= 0.005, missed


def test_heads_and_merged_cells_begin_anew_on_every_page_of_the_plan(rendered: Rendered) -> None:
    plan = [text for text in pages_of(rendered) if "নির্ণায়ক" in unicodedata.normalize("NFC", text)]
    assert len(plan) >= 3
    for text in plan:
        assert "অতি উত্তম" in text
        assert re.search(r"\[[১২৩ম]\] ", text), "a page without its area"


def test_its_data_travels_with_it_exactly(rendered: Rendered) -> None:
    with pikepdf.open(BytesIO(rendered.data)) as pdf:
        assert list(pdf.attachments) == ["agreement-data.json"]
        data = json.loads(pdf.attachments["agreement-data.json"].get_file().read_bytes())
    assert data["schema"] == "agreement-data/1"
    lines = {line["code"]: line for line in data["lines"]}
    assert len(lines) == 39
    assert lines["2.1.1"]["targets"] == ["566", "509", "453", "396", "340"]
    assert lines["2.2.2"]["targets"][0] == "2023-07-31"
    assert lines["2.1.1"]["sources"]["targets"][0] == "document"
    described = (Path(__file__).parents[2] / "docs" / "agreement-data.md").read_text(encoding="utf-8")
    assert not [key for key in (*data, *lines["2.1.1"]) if f"`{key}`" not in described]


@pytest.mark.full
def test_the_same_agreement_gives_the_same_bytes_in_any_state() -> None:
    tree = make_tree()
    agreement = make_agreement(tree)
    first = render_paper(agreement_paper(agreement=agreement.pk), code=CODE).data
    propose_agreement(agreement=agreement, by=make_head(tree.district), at=JULY)
    assert render_paper(agreement_paper(agreement=agreement.pk), code=CODE).data == first


def test_blank_days_and_both_parties_stand_in_the_preamble(rendered: Rendered) -> None:
    preamble = next(text for text in pages_of(rendered)[2:] if "প্রস্তাবনা" in text)
    assert "………" in preamble
    assert "লালমনিরহাট" in preamble
    assert "রংপুর" in preamble
