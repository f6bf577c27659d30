"""The report centre: the papers of a period and of an office with all below it, and how each of them stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from core.periods import Period
from core.text import search_key
from documents.census import Possible, possible_papers
from documents.choices import DocumentState, Standing
from documents.files import is_whole
from documents.making import name_of, requests_of
from documents.models import Document
from documents.registry import label_of
from documents.services import can_be_made_again
from jobs.choices import JobState
from offices.models import Office, Officer
from offices.places import Tree

#: The shape of each standing beside its word (see `core.templatetags.look`).
SHAPES = {
    Standing.CURRENT: "verified",
    Standing.OUTDATED: "outdated",
    Standing.MAKING: "submitted",
    Standing.FAILED: "late",
    Standing.LOST: "late",
    Standing.ABSENT: "draft",
    Standing.NOT_YET: "missing",
}
#: Requests of a period that are asked what they could not do.
LOOKED_AT = 20
#: Standings in which asking anew may bring something.
OPEN = (Standing.FAILED, Standing.LOST, Standing.OUTDATED, Standing.ABSENT)
LOST_WORDS = gettext_lazy("Ask for it again: it is made anew, under the same code if the data is the same.")
SIGNED_WORDS = gettext_lazy("What was sealed or signed cannot be made again. Tell the administrator: a backup has it.")
OVERTAKEN_WORDS = gettext_lazy("The figures changed before this document was made. Ask for it again.")


@dataclass(frozen=True)
class Line:
    """A paper of the period, the document that stands for it, and why it failed or cannot be made; not whole is one
    whose file is lost or damaged."""

    possible: Possible
    standing: Standing
    document: Document | None = None
    why: str = ""
    is_whole: bool = True

    @property
    def kind_label(self) -> str:
        return label_of(self.possible.kind)

    @property
    def shape(self) -> str:
        return SHAPES[self.standing]

    @property
    def is_ready(self) -> bool:
        return self.document is not None and self.document.is_ready and self.is_whole

    @property
    def is_due(self) -> bool:
        """Whether asking for it would bring something new."""
        return self.possible.can_be_made and self.standing in OPEN


@dataclass(frozen=True)
class Sought:
    """What a reader narrows the list by."""

    kind: str = ""
    standing: str = ""
    words: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Sought:
        return cls(query.get("kind", "")[:60], query.get("standing", "")[:20], query.get("words", "")[:100])

    def takes(self, line: Line) -> bool:
        office = line.possible.office
        return (
            (not self.kind or line.possible.kind == self.kind)
            and (not self.standing or line.standing == self.standing)
            and (not self.words or _holds(office, self.words))
        )


def _holds(office: Office, words: str) -> bool:
    wanted = search_key(words)
    return any(wanted in search_key(text) for text in (office.name_bn, office.name_en, office.code))


def offices_of(officer: Officer, office: Office, period: Period) -> list[Office]:
    """The office and those that stood below it in the period, as far as the officer sees them now."""
    seen = Office.objects.visible_to(officer)
    return list(Tree(period).below(office).filter(pk__in=seen.values("pk")).select_related("parent").order_by("path"))


def lines_of(officer: Officer, office: Office, period: Period) -> list[Line]:
    """Every paper that is expected of the period, and every other that exists. A fixed number of queries."""
    papers = possible_papers(period, offices_of(officer, office, period))
    documents = _documents_for(officer, papers)
    requests = _requests(period)
    lines = (_line(one, documents.get(one.key), requests) for one in papers)
    return [line for line in lines if line.document is not None or line.possible.expected]


def _documents_for(officer: Officer, papers: Sequence[Possible]) -> dict[str, Document]:
    """The current document of each paper, as far as the officer may see it."""
    rows = Document.objects.visible_to(officer).current().select_related("file", "job", "office")
    rows = rows.filter(kind__in={one.kind for one in papers}, subject__in={one.subject for one in papers})
    rows = rows.prefetch_related("signatures").defer("facts", "boxes", "arguments")
    return {f"{row.kind}|{row.subject}": row for row in rows}


@dataclass(frozen=True)
class Refusal:
    """Why a paper could not even be asked for, in every language, and when that was."""

    why: Mapping[str, str]
    at: datetime

    def __str__(self) -> str:
        return self.why.get((get_language() or "bn")[:2], "")


@dataclass(frozen=True)
class Requests:
    """What the latest requests of a period still have to ask for, and what they could not, by the paper's name."""

    waiting: frozenset[str]
    refused: Mapping[str, Refusal]


def _requests(period: Period) -> Requests:
    jobs = requests_of(period).order_by("-pk").values_list("state", "arguments", "result", "created_at")
    waiting: set[str] = set()
    refused: dict[str, Refusal] = {}
    for state, arguments, result, at in jobs[:LOOKED_AT]:
        if state in (JobState.QUEUED, JobState.RUNNING):
            waiting.update(name_of(kind, named) for kind, named in arguments["papers"])
        for one in result.get("refused", []):
            refused.setdefault(one["paper"], Refusal(one["why"], at))
    return Requests(frozenset(waiting), refused)


def _line(possible: Possible, document: Document | None, requests: Requests) -> Line:
    name = name_of(possible.kind, possible.arguments) if possible.arguments else ""
    fresh = document is not None and possible.is_fresh(document.data_at, document.sources)
    if name in requests.waiting and not (fresh and document and document.is_ready):
        return Line(possible, Standing.MAKING, document)
    refusal = requests.refused.get(name)
    if document is None:
        return _without_document(possible, refusal)
    job = document.job
    if document.is_ready:
        whole = document.file is not None and is_whole(document.file)
        if fresh:
            return Line(possible, Standing.CURRENT, document) if whole else _lost(possible, document)
        if refusal is not None and refusal.at > document.created_at:
            return Line(possible, Standing.FAILED, document, str(refusal), is_whole=whole)
        return Line(possible, Standing.OUTDATED, document, str(possible.reason), is_whole=whole)
    if document.state == DocumentState.MAKING and not (job and job.state == JobState.FAILED):
        return Line(possible, Standing.MAKING, document)
    why = str(OVERTAKEN_WORDS) if document.error else (job.message if job else "")
    return Line(possible, Standing.FAILED, document, why or _("The document could not be made. Ask for it again."))


def _lost(possible: Possible, document: Document) -> Line:
    if not can_be_made_again(document):
        possible = replace(possible, arguments=None, reason=SIGNED_WORDS)
    why = LOST_WORDS if possible.can_be_made else possible.reason
    return Line(possible, Standing.LOST, document, str(why), is_whole=False)


def _without_document(possible: Possible, refusal: Refusal | None) -> Line:
    if possible.reason:
        return Line(possible, Standing.NOT_YET, why=str(possible.reason))
    if refusal is not None:
        return Line(possible, Standing.FAILED, why=str(refusal))
    return Line(possible, Standing.ABSENT)


@dataclass(frozen=True)
class Tally:
    """How many papers stand how."""

    of: Mapping[Standing, int]

    @classmethod
    def counting(cls, lines: Iterable[Line]) -> Tally:
        return cls(Counter(line.standing for line in lines))

    @property
    def wanted(self) -> int:
        """Papers that exist or could: all but those that cannot be made yet."""
        return sum(self.of.values()) - self.of.get(Standing.NOT_YET, 0)

    @property
    def current(self) -> int:
        return self.of.get(Standing.CURRENT, 0)

    @property
    def making(self) -> int:
        return self.of.get(Standing.MAKING, 0)

    @property
    def rows(self) -> list[tuple[Standing, str, int]]:
        """Standing, its shape and how many, for those that occur."""
        return [(standing, SHAPES[standing], self.of[standing]) for standing in Standing if self.of.get(standing)]
