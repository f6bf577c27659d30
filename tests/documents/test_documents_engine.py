"""What leaves the engine: nothing fetched, every Bangla word found, the same bytes again."""

from __future__ import annotations

import gc
import io
import logging
import re
import socket
import threading
from typing import Any

import pikepdf
import pypdfium2
import pytest
import weasyprint
from weasyprint.draw import text as drawing

from documents import engine, textlayer
from documents.engine import HAS_TEXT_LAYER, render_paper, render_pdf, render_pdf_bytes
from documents.rendering import render_html
from tests.documents.factories_documents import AT, plain_paper

CODE = "7K3M9QZTABCDEFGH"
WORDS = (
    "গণপ্রজাতন্ত্রী বাংলাদেশ সরকার সমবায় অধিদপ্তর নিরীক্ষা সম্পাদিত ক্রমপুঞ্জিভূত লক্ষ্যমাত্রা অর্জন কার্যকরী মূলধন "
    "র‍্যাব র‍্যালি পৃষ্ঠা উদ্বুদ্ধকরণ সংরক্ষিত দ্বিতীয় শ্রেণি স্বাক্ষর প্রশিক্ষণ বিরোধ নিষ্পত্তি অন্তর্বর্তী ঙ্ক ক্ষ্ম জ্ঞান হৃদয় "
    "রূপান্তর শুদ্ধি দুর্নীতি কর্মকর্তৃবৃন্দ তৃণমূল উত্তীর্ণ মেয়াদোত্তীর্ণ ভ্রাতৃত্ব যুগ্ম নিবন্ধক ঋণ বিতরণ আত্মসাৎ উদ্ঘাটিত"
)


def text_of(data: bytes) -> str:
    pages = pypdfium2.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


def bangla_words(text: str) -> set[str]:
    return set(re.findall(r"[\u0980-\u09ff\u200c\u200d]+", text))


def body(html: str) -> str:
    return f"<!doctype html><html lang='bn'><head><title>t</title></head><body>{html}</body></html>"


def test_every_bangla_word_can_be_found() -> None:
    assert HAS_TEXT_LAYER
    data = render_pdf_bytes(plain_paper(context={"words": WORDS, "office": "উপজেলা সমবায় কার্যালয়"}), code=CODE)
    missed = bangla_words(WORDS) - bangla_words(text_of(data))
    assert not missed, missed


def test_words_in_heads_feet_and_narrow_columns_are_found_once() -> None:
    rows = "".join(f"<tr><td>{word}</td><td>{word}</td></tr>" for word in WORDS.split())
    data = render_pdf(body(f"<table class='grid'>{rows}</table>"), at=AT).data
    found = text_of(data)
    assert bangla_words(WORDS) <= bangla_words(found)
    assert found.count("ক্রমপুঞ্জিভূত") == 2
    assert "পৃষ্ঠা ১ / ১" in found


def test_the_engine_without_its_rules_for_notes_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, line breaks and tables as the engine itself would draw them, with fewer rules to work out."""
    html = body("<ul><li>এক</li></ul><ol><li>দুই<br>তিন</li></ol><table class='grid'><tr><td>৪</td></tr></table>")
    ours = render_pdf(html, at=AT).data
    monkeypatch.setattr(engine, "_Page", weasyprint.HTML)
    assert render_pdf(html, at=AT).data == ours


def test_a_changed_engine_keeps_its_own_text_layer(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def draw_first_line(canvas: Any, line: Any) -> None: ...

    monkeypatch.setattr(drawing, "draw_first_line", draw_first_line)
    with caplog.at_level(logging.ERROR):
        assert not textlayer.install()
    assert drawing.draw_first_line is draw_first_line


def test_the_wrapper_can_be_taken_off_and_put_back() -> None:
    wrapped = drawing.draw_first_line
    textlayer.remove()
    try:
        assert drawing.draw_first_line is wrapped.__wrapped__
    finally:
        assert textlayer.install()


HOSTILE = """
<link rel="stylesheet" href="{http}/a.css"><link rel="attachment" href="file:///etc/passwd">
<style>@import url("{http}/b.css"); @font-face {{ font-family: x; src: url("{http}/c.ttf") }}
p {{ background: url("file:///etc/passwd"); font-family: x }}</style>
<base href="file:///etc/"><img src="passwd"><img src="{http}/d.png"><object data="{http}/e.svg"></object>
<embed src="file:///etc/passwd"><a rel="attachment" href="file:///etc/passwd">a</a>
<svg viewBox="0 0 9 9"><image href="{http}/f.png" width="9" height="9"/><use href="file:///etc/passwd#a"/></svg>
<img src="data:image/svg+xml;utf8,&lt;svg xmlns='http://www.w3.org/2000/svg'&gt;
&lt;image href='{http}/g.png'/&gt;&lt;/svg&gt;">
<p>সমবায়</p>
"""


@pytest.mark.logs_errors("the engine names each thing it was refused")
def test_a_hostile_page_reaches_neither_network_nor_files() -> None:
    asked: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, _address = server.accept()
            except TimeoutError:
                continue
            asked.append(connection.recv(200))
            connection.close()

    listener = threading.Thread(target=listen)
    listener.start()
    try:
        html = body(HOSTILE.format(http=f"http://127.0.0.1:{server.getsockname()[1]}"))
        data = render_pdf(html, at=AT).data
    finally:
        stop.set()
        listener.join()
        server.close()
    assert asked == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert not pdf.attachments
        everything = b"".join(
            bytes(part.read_bytes()) for part in pdf.objects if isinstance(part, pikepdf.Stream) and "/Length" in part
        )
    assert b"root:" not in everything
    assert "সমবায়" in text_of(data)


def test_text_of_a_paper_is_never_markup() -> None:
    html = render_html(plain_paper(context={"words": "<img src=file:///etc/passwd>", "office": "<b>"}), code=CODE)
    assert "<img" not in html
    assert "&lt;img src=file:///etc/passwd&gt;" in html


def test_the_same_paper_gives_the_same_bytes() -> None:
    paper = plain_paper()
    assert render_pdf_bytes(paper, code=CODE) == render_pdf_bytes(paper, code=CODE)
    assert render_pdf_bytes(paper, code=CODE) != render_pdf_bytes(paper, code=CODE[::-1])


def test_pdf_a_3_by_construction_with_its_data_once() -> None:
    from documents.registry import Attachment

    attached = Attachment("data.json", b'{"lines": {"A07": "1344"}}', description="উপাত্ত")
    data = render_pdf_bytes(plain_paper(), code=CODE, attachments=[attached])
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.attachments["data.json"].get_file().read_bytes() == attached.content
        assert len(pdf.Root.AF) == 1
        assert pdf.Root.AF[0].AFRelationship == "/Data"
        assert "/StructTreeRoot" not in pdf.Root
        assert "/OutputIntents" in pdf.Root
        assert pdf.docinfo["/CreationDate"] == "D:20261103100000Z"
        metadata = pdf.Root.Metadata.read_bytes().decode()
    assert 'part="3"' in metadata
    assert 'conformance="U"' in metadata


def test_the_layout_says_where_it_left_room() -> None:
    rendered = render_paper(plain_paper(), code=CODE)
    box = rendered.boxes["sign-here"]
    assert box.page == 1
    assert 0 < box.left < box.right < 595.3
    assert 0 < box.bottom < box.top < 841.9


def test_the_code_and_the_demonstration_mark_stand_on_every_page() -> None:
    words = "সমবায় " * 2500
    data = render_pdf_bytes(plain_paper(context={"words": words, "office": "x"}, is_demo=True), code=CODE)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)]
    assert len(pages) > 1
    for page in pages:
        assert "7K3M-9QZT-ABCD-EFGH" in page
        assert "প্রদর্শনী উপাত্ত" in page


def test_what_stays_for_good_is_not_swept_during_each_paper() -> None:
    """From the first paper on, the engine, its fonts and our rooms are no business of the memory's cleaner."""
    render_paper(plain_paper(), code=CODE)
    assert gc.get_freeze_count() > 50_000
    assert len(gc.get_objects()) < gc.get_freeze_count()


@pytest.mark.parametrize("count", [30, 33, 36, 39, 42])
def test_room_for_signatures_never_stands_on_a_page_of_its_own(count: int) -> None:
    paper = plain_paper(template="pdf/test_hand.html", context={"rows": range(count)})
    *_others, last = pypdfium2.PdfDocument(render_paper(paper, code=CODE).data)
    text = last.get_textpage().get_text_range()
    assert "Signed" in text and "Row" in text
