"""The visible stamp holds everything it has to say, whatever the box and the name."""

from __future__ import annotations

import pypdfium2
import pytest

from documents.stamps import draw_stamp
from tests.documents.factories_documents_signing import AT, make_holder

LONG = "আবুল কালাম মোহাম্মদ শাহরিয়ার হোসেন চৌধুরী তালুকদার"


@pytest.mark.parametrize("name", ["মাহমুদা বেগম", LONG])
@pytest.mark.parametrize("box", [(250, 96), (180, 68), (150, 60)])
def test_name_post_office_date_and_authority_stand_in_every_box(name: str, box: tuple[int, int]) -> None:
    holder = make_holder(name)
    pdf = pypdfium2.PdfDocument(draw_stamp(holder, width=box[0], height=box[1], at=AT))
    try:
        assert len(pdf) == 1
        width, height = pdf[0].get_size()
        assert abs(width / height - box[0] / box[1]) < 0.05
        text = pdf[0].get_textpage().get_text_range()
    finally:
        pdf.close()
    for words in (name, holder.post_bn, holder.office_bn, "০৫/০৭/২০২৩", "সনদে"):
        assert all(word in text for word in words.split()), (words, text)
