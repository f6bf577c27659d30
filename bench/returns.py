"""Entry, roll-up and the paper of a return."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse

from bench.suite import Calibration, Counted, Measure, bench, counted, median_of, seconds_of, undone
from core import clock
from documents.engine import render_paper
from documents.registry import build_paper
from offices.models import Office
from returns.amending import suppose
from returns.choices import ReturnState
from returns.models import Return
from returns.preview import preview_of
from returns.rollup import compute_total
from returns.services import verify_return

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KILOBYTE = 1024
# Members: the registers propose none of its figures, so that none asks for a reason.
SECTION = "B"


def last_month(state: ReturnState) -> Return:
    """A return of the demonstration's last month in a state."""
    newest = Return.objects.order_by("-period").first()
    assert newest is not None, "the demonstration holds no return"
    found = Return.objects.select_related("office__parent").filter(period=newest.period, state=state).first()
    assert found is not None, f"no return of the last month is {state}"
    return found


def head_of(office: Office) -> Client:
    """A browser of the office's head."""
    posting = office.postings.in_force(clock.today()).exclude(post="assistant_inspector").first()
    assert posting is not None
    client = Client(headers={"host": "127.0.0.1", "accept-encoding": "gzip"})
    client.force_login(posting.officer, backend=BACKEND)
    return client


class Fields(HTMLParser):
    """The fields of a page's forms, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input" and found.get("name") and found.get("type") not in ("submit", "checkbox", "radio"):
            self.values[str(found["name"])] = found.get("value") or ""


@bench
def roll_up(calibration: Calibration) -> list[Measure]:
    """One upazila is verified into a month that is computed already; then its three superiors are added up."""
    ret = last_month(ReturnState.SUBMITTED)
    above = list(Office.objects.filter(path__in=ret.office.ancestor_paths).order_by("-path"))
    assert ret.office.parent is not None
    judge = ret.office.parent.postings.in_force(clock.today()).select_related("officer").first()
    assert judge is not None

    def once() -> float:
        with undone():
            for office in above:
                compute_total(office, ret.period, at=clock.now())
            verify_return(ret, by=judge.officer, at=clock.now())
            with counted() as total:
                for office in above:
                    compute_total(office, ret.period, at=clock.now())
        return total.seconds

    return [Measure("three ancestors of a verified upazila, database time", median_of(once) * 1000, "ms", 20)]


@bench
def entry(calibration: Calibration) -> list[Measure]:
    """The entry page of an untouched draft, and saving one of its sections."""
    ret = last_month(ReturnState.DRAFT)
    client = head_of(ret.office)
    address = reverse("returns:entry", args=[ret.office.code, ret.period])
    seen: list[tuple[Counted, int]] = []

    def show() -> float:
        with counted() as total:
            return seconds_of(lambda: seen.append((total, len(client.get(address).content))))

    seconds = median_of(show)
    total, size = seen[-1]
    plain = client.get(address, headers={"accept-encoding": "identity"}).content.decode()
    fields = Fields()
    fields.feed(plain)
    typed = {**fields.values, "do": f"save:{SECTION}"}
    typed |= {name: "1" for name in fields.values if name.startswith(SECTION) and name[1:3].isdigit()}
    saved: list[Counted] = []

    def save() -> float:
        answers: list[int] = []
        with undone(), counted() as count:
            seconds = seconds_of(lambda: answers.append(client.post(address, typed).status_code))
        assert answers == [302], f"saving was answered with {answers}"
        saved.append(count)
        return seconds

    saving = median_of(save)
    return [
        Measure("entry page, queries", total.queries, "", 12),
        Measure("entry page, compressed", size / KILOBYTE, "KB", 30),
        Measure("entry page", calibration.times(seconds), "× calibration"),
        Measure("saving a section, queries", saved[-1].queries, "", 15),
        Measure("saving a section", calibration.times(saving), "× calibration"),
    ]


@bench
def paper(calibration: Calibration) -> list[Measure]:
    """The return of an office as PDF."""
    ret = last_month(ReturnState.VERIFIED)
    arguments = {"office": ret.office.code, "period": ret.period.key}
    built = build_paper("returns.return", arguments)
    seconds = median_of(lambda: seconds_of(lambda: render_paper(built, code="7K3M9QZT7K3M9QZT")))
    return [
        Measure("return as PDF", calibration.times(seconds), "× calibration", 1.5),
        Measure("return as PDF", seconds, "s"),
    ]


@bench
def amendment(calibration: Calibration) -> list[Measure]:
    """What amending an office's first month would move up to its last one: figures, totals, papers, scores."""
    ret = Return.objects.select_related("office", "form").filter(state=ReturnState.VERIFIED).order_by("period").first()
    assert ret is not None, "the demonstration holds no verified return"
    months: list[int] = []

    def look() -> float:
        with counted() as total:
            seconds = seconds_of(
                lambda: months.append(
                    len(preview_of(suppose(ret, {ret.period: {"K02": 987}}), at=clock.now()).months),
                )
            )
        queries.append(total.queries)
        return seconds

    queries: list[int] = []
    seconds = median_of(look)
    return [
        Measure(f"preview of an amendment over {months[-1]} months", seconds, "s", 1),
        Measure("preview of an amendment, queries", queries[-1], ""),
    ]
