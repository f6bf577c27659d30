"""What stands beside the figures of a return: comments, flags, files, each told by cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.language import reader_wants_bangla
from core.templatetags.figures import digits
from returns.catalogue import Catalogue
from returns.cell_models import Comment, Flag, LineFile
from returns.models import Return, ReturnVersion
from returns.published import catalogue_of


@dataclass
class Mark:
    """What stands beside one cell."""

    comments: int = 0
    files: int = 0
    is_flagged: bool = False

    @property
    def says(self) -> str:
        parts = [_("⚑ look again")] if self.is_flagged else []
        if self.comments:
            count = digits(self.comments)
            parts.append(ngettext("%(count)s comment", "%(count)s comments", self.comments) % {"count": count})
        if self.files:
            parts.append(ngettext("%(count)s file", "%(count)s files", self.files) % {"count": digits(self.files)})
        return " · ".join(parts)


def is_talked_about() -> Q:
    """For versions: whether anything stands beside their return's figures; saves the page of a quiet return a query."""
    at = OuterRef("ret")
    comments, flags = Comment.objects.filter(ret=at), Flag.objects.filter(ret=at)
    return Q(Exists(comments)) | Q(Exists(flags)) | Q(Exists(LineFile.objects.filter(ret=at)))


def marks_of(version: ReturnVersion) -> dict[str, Mark]:
    """Marks by cell of a version's return, in one query; files stand at their line's own cell."""
    if version.pk is None or not getattr(version, "has_talk", True):
        return {}
    ret = version.ret_id
    kinds = {"comment": Comment.objects.filter(ret_id=ret), "flag": Flag.objects.filter(ret_id=ret, cleared_at=None)}
    rows = [
        of.order_by().annotate(place=F("cell"), kind=Value(kind, CharField())).values_list("place", "kind")
        for kind, of in kinds.items()
    ]
    files = LineFile.objects.filter(ret_id=ret).order_by()
    rows.append(files.annotate(place=F("line"), kind=Value("file", CharField())).values_list("place", "kind"))
    marks: dict[str, Mark] = {}
    for place, kind in rows[0].union(*rows[1:], all=True):
        mark = marks.setdefault(place, Mark())
        mark.comments += kind == "comment"
        mark.files += kind == "file"
        mark.is_flagged = mark.is_flagged or kind == "flag"
    return marks


@dataclass(frozen=True)
class CellTalk:
    """Everything said about a cell and laid beside its line."""

    cell: str
    name: str
    flag: Flag | None = None
    comments: list[Comment] = field(default_factory=list)
    files: list[LineFile] = field(default_factory=list)

    @property
    def newest(self) -> datetime | None:
        said = [comment.at for comment in self.comments] + [file.added_at for file in self.files]
        return max(said, default=None)


def talk_of(ret: Return, *, cell: str = "") -> list[CellTalk]:
    """What was said and laid beside a return's cells (or one of them), in the order of the form; three queries."""
    catalogue = catalogue_of(ret.form)
    only = {"cell": cell} if cell else {}
    line = {"line": cell.partition(".")[0]} if cell else {}
    comments = list(Comment.objects.filter(ret_id=ret.pk, **only).select_related("by"))
    flags = {f.cell: f for f in Flag.objects.filter(ret_id=ret.pk, cleared_at=None, **only).select_related("set_by")}
    files = list(LineFile.objects.filter(ret_id=ret.pk, **line).select_related("file", "added_by"))
    places = [cell] if cell else _in_order(catalogue, {c.cell for c in comments} | {*flags} | {f.line for f in files})
    return [
        CellTalk(
            place,
            catalogue.code_of(place, bangla=reader_wants_bangla()),
            flags.get(place),
            [comment for comment in comments if comment.cell == place],
            [file for file in files if file.line == (place.partition(".")[0] if cell else place)],
        )
        for place in places
    ]


def _in_order(catalogue: Catalogue, places: set[str]) -> list[str]:
    return [cell.key for cell in catalogue.cells if cell.key in places]


def counts_of(marks: Mapping[str, Mark], section: str) -> str:
    """What stands beside the cells of a section, in one line for the list of sections."""
    all_of = [mark for cell, mark in marks.items() if cell.startswith(section)]
    flags = sum(mark.is_flagged for mark in all_of)
    said = Mark(sum(mark.comments for mark in all_of), sum(mark.files for mark in all_of)).says
    return " · ".join(filter(None, [f"⚑ {digits(flags)}" if flags else "", said]))
