"""A text layer that can be searched and copied, also in Bangla.

A PDF gives each glyph one piece of text. Bangla shapes several letters into one glyph and moves vowels about, so most
of its words cannot be found that way. Around each line of text that the engine draws, this module puts marked content
(``/Span <</ActualText …>> BDC … EMC``, ISO 32000-1, 14.9.4), which readers and search engines prefer to the glyphs.

It wraps one function of the engine and rewrites none. Where that function no longer looks as expected, the engine
stays as it is and `install` says so by returning False: pages then look the same and search as badly as they used to.
"""

from __future__ import annotations

import functools
import inspect
import logging
from typing import Any

from weasyprint.draw import text as drawing
from weasyprint.pdf import pydyf

logger = logging.getLogger(__name__)

_HOOK = "draw_first_line"
_PARAMETERS = ("stream", "textbox", "text_overflow", "block_ellipsis", "matrix")


def install() -> bool:
    """Put the wrapper around the engine's drawing of a text line, once; False if the hook is not the known one."""
    stock = getattr(drawing, _HOOK, None)
    if getattr(stock, "is_text_layer", False):
        return True
    if stock is None or not _is_known(stock):
        logger.warning("The PDF engine draws text in another way than expected; its stock text layer stays.")
        return False
    setattr(drawing, _HOOK, _wrap(stock))
    return True


def remove() -> None:
    """Give the engine its own function back (for measuring against the stock engine)."""
    stock = getattr(getattr(drawing, _HOOK, None), "__wrapped__", None)
    if stock is not None:
        setattr(drawing, _HOOK, stock)


def _is_known(stock: Any) -> bool:
    """Same parameters, called by the line drawing of the same module, on a stream that takes marked content."""
    caller = getattr(drawing, "draw_text", None)
    return (
        tuple(inspect.signature(stock).parameters) == _PARAMETERS
        and caller is not None
        and _HOOK in caller.__code__.co_names
        and tuple(inspect.signature(pydyf.Stream.begin_marked_content).parameters) == ("self", "tag", "property_list")
    )


def _wrap(stock: Any) -> Any:
    @functools.wraps(stock)
    def draw(stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any) -> Any:
        text = textbox.text
        if text.isascii() or not text.strip():
            return stock(stream, textbox, text_overflow, block_ellipsis, matrix)
        # The plain base class: the engine's own stream writes marked content only in tagged files.
        properties = pydyf.Dictionary({"ActualText": pydyf.String(text)})
        pydyf.Stream.begin_marked_content(stream, "Span", properties.data)
        try:
            return stock(stream, textbox, text_overflow, block_ellipsis, matrix)
        finally:
            pydyf.Stream.end_marked_content(stream)

    draw.is_text_layer = True  # type: ignore[attr-defined]
    return draw
