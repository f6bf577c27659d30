"""The reader's language: Bangla, unless they chose otherwise on this machine."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def reader_wants_bangla(language: str | None = None) -> bool:
    """Whether the reader's language (or the one named) is Bangla; it is, where none is known."""
    return (language or translation.get_language() or "bn").startswith("bn")


def in_reader_language(bangla: str, english: str, language: str | None = None) -> str:
    """Of a pair of texts, the one in the reader's language (or the one named)."""
    return bangla if reader_wants_bangla(language) else english


class LanguageMiddleware:
    """Takes the language from the cookie that the language switch sets.

    Not from the browser: office machines in Bangladesh come with English browsers, and their readers expect Bangla.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
