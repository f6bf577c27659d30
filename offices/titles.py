"""How an office and its head are called on pages and papers, in full."""

from __future__ import annotations

from django.utils.translation import get_language, gettext, override

from core.language import in_reader_language
from offices.choices import OfficeKind, Post
from offices.models import Office

_OFFICE = {
    OfficeKind.DEPARTMENT: ("সমবায় অধিদপ্তর", "Department of Cooperatives"),
    OfficeKind.DIVISION: ("বিভাগীয় সমবায় কার্যালয়", "Divisional Cooperative Office"),
    OfficeKind.DISTRICT: ("জেলা সমবায় কার্যালয়", "District Cooperative Office"),
    OfficeKind.UPAZILA: ("উপজেলা সমবায় কার্যালয়", "Upazila Cooperative Office"),
    OfficeKind.THANA: ("মেট্রোপলিটন থানা সমবায় কার্যালয়", "Metropolitan Thana Cooperative Office"),
}


def office_title(office: Office, language: str | None = None) -> str:
    """``উপজেলা সমবায় কার্যালয়, হাতীবান্ধা``; the department is its own name."""
    kind = OfficeKind(office.kind)
    title = in_reader_language(*_OFFICE[kind], language)
    place = in_reader_language(office.name_bn, office.name_en, language)
    return title if kind is OfficeKind.DEPARTMENT else f"{title}, {place}"


def post_title(post: str, office: Office, language: str | None = None) -> str:
    """``উপজেলা সমবায় অফিসার``, as the post is called in that kind of office."""
    with override(language or get_language() or "bn"):
        if post == Post.UPAZILA_OFFICER and office.kind == OfficeKind.THANA:
            return gettext("Metropolitan thana cooperative officer")
        return str(Post(post).label)
