"""Importing together and one by one come to the same where offices moved or closed, and their past stands open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from core.periods import Period
from offices.choices import Post
from offices.models import Office, Officer
from offices.services.life import move_office
from returns.importing import Order, files_at, import_files
from returns.models import LineTarget, Return, ReturnVersion
from tests.factories import make_officer
from tests.returns.factories_returns import AUGUST, JULY
from tests.returns.test_returns_import_many import (
    IN_TIME,
    Country,
    as_csv,
    by_services,
    everything,
    make_country,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_september(clock: Any) -> None:
    clock(IN_TIME)


def july(country: Country, **facts: Any) -> None:
    """July of the first office in another state."""
    ReturnVersion.objects.filter(ret__office=country.offices[0], ret__period=JULY).update(**facts)
    rows = Return.objects.filter(office=country.offices[0], period=JULY)
    rows.update(state=facts["state"], **({"first_submitted_at": None} if facts["state"] == "draft" else {}))


def sent_back(country: Country) -> None:
    july(country, state="returned", reason="আবার দেখুন।")


def unverified(country: Country) -> None:
    july(country, state="submitted", decided_at=None, decided_by=None)


def never_submitted(country: Country) -> None:
    july(country, state="draft", decided_at=None, decided_by=None, submitted_at=None, submitted_by=None)


def move(country: Country, first: Period) -> None:
    other = country.world.tree.foreign_district
    move_office(office=country.offices[0], parent=other, first=first, by=country.importer, at=IN_TIME)


def moved(country: Country) -> None:
    move(country, AUGUST.next())


def moved_before(country: Country) -> None:
    move(country, AUGUST)


def closed_before(country: Country) -> None:
    Office.objects.filter(pk=country.offices[0].pk).update(closed_on=date(2023, 7, 31))


def closed_within(country: Country) -> None:
    Office.objects.filter(pk=country.offices[0].pk).update(closed_on=date(2023, 8, 15))


def idle_importer(country: Country) -> None:
    Officer.objects.filter(pk=country.importer.pk).update(is_active=False)
    country.importer.is_active = False


def idle_judge(country: Country) -> None:
    Officer.objects.filter(pk=country.judge.pk).update(is_active=False)
    country.judge.is_active = False


def targets(country: Country) -> None:
    LineTarget.objects.filter(office=country.offices[0]).update(amount=5)


def nothing(country: Country) -> None:
    pass


def words(content: bytes, **of: str) -> bytes:
    """The same CSV with a reason or remark at some cells."""
    rows = content.decode().splitlines()
    kinds = {"B03": "reason", "F05": "remark", "A02.GP": "reason"}
    out = [f"{rows[0]},reason,remark"]
    for row in rows[1:]:
        cell = row.split(",")[3]
        text = of.get(cell.replace(".", "__"), "")
        out.append(f"{row},{text},{text}" if cell in kinds else f"{row},,")
    return "\n".join(out).encode()


FILES: dict[str, Callable[[Country, str], bytes]] = {
    "plain": lambda c, code: as_csv(c.world, code, A02__GP=1, A08__GP=1, B03=25),
    "blank": lambda c, code: as_csv(c.world, code, A02__GP="", B03=""),
    "warned": lambda c, code: words(as_csv(c.world, code, F05=900, B03=25), F05="দেখা হয়েছে", B03="  কাগজে  "),
    "long": lambda c, code: words(as_csv(c.world, code, F05=900), F05="ক" * 1001),
    "huge": lambda c, code: as_csv(c.world, code, F05=10**14),
    "negative closing": lambda c, code: as_csv(c.world, code, A08__GP=50, A02__GP=1),
    "computed": lambda c, code: as_csv(c.world, code) + f"\n{code},2023-08,MR/1,A07,99999".encode(),
    "unknown": lambda c, code: as_csv(c.world, code) + f"\n{code},2023-08,MR/1,Z99,1".encode(),
    "empty": lambda c, code: f"office,period,form,line,value\n{code},2023-08,MR/1,B03,\n".encode(),
}
CASES = [
    nothing, sent_back, unverified, never_submitted, moved, moved_before, closed_before, closed_within, idle_importer,
    idle_judge, targets,
]  # fmt: skip


def same(country: Country, path: Path, order: Order) -> None:
    paths = files_at(path)
    with transaction.atomic():
        verdicts = [verdict for _number, verdict in import_files(paths, order)]
        together = everything(country)
        transaction.set_rollback(True)
    with transaction.atomic():
        said = list(by_services(paths, order))
        singly = everything(country)
        transaction.set_rollback(True)
    assert [(one.office, one.state) for one in verdicts] == [(office, state) for office, state, _words in said]
    assert all(one.message == words for one, (_office, _state, words) in zip(verdicts, said, strict=True) if words)
    for name, rows in singly.items():
        assert together[name] == rows, name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@pytest.mark.parametrize(("by", "verifier"), [("admin", "judge"), ("head", "superior")])
def test_the_past_stands_open(tmp_path: Path, case: Callable[[Country], None], by: str, verifier: str) -> None:
    country = make_country()
    case(country)
    for office in country.offices:
        (tmp_path / f"{office.code}.csv").write_bytes(FILES["plain"](country, office.code))
    sender = {"admin": country.importer, "head": country.world.officer}[by]
    judges = {"judge": country.judge, "superior": country.world.district_officer}
    same(country, tmp_path, Order(AUGUST, sender, IN_TIME, submit=True, verify_by=judges[verifier]))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("submit", [True, pytest.param(False, marks=pytest.mark.full)])
def test_the_file_is_odd(tmp_path: Path, name: str, submit: bool) -> None:
    country = make_country()
    for office in country.offices:
        (tmp_path / f"{office.code}.csv").write_bytes(FILES[name](country, office.code))
    judge = country.judge if submit else None
    same(country, tmp_path, Order(AUGUST, country.importer, IN_TIME, submit=submit, verify_by=judge))


@pytest.mark.parametrize("post", [Post.DISTRICT_OFFICER, Post.ASSISTANT_INSPECTOR, Post.SYSTEM_ADMIN])
def test_the_sender_has_a_second_charge(tmp_path: Path, post: Post) -> None:
    country = make_country()
    where = country.world.tree.department if post == Post.SYSTEM_ADMIN else country.world.tree.district
    where = country.world.tree.sibling if post == Post.ASSISTANT_INSPECTOR else where
    both = make_officer(Post.UPAZILA_OFFICER, country.offices[0], username="both")
    both.postings.create(office=where, post=post, starts_on=date(2020, 1, 1))
    for office in country.offices:
        (tmp_path / f"{office.code}.csv").write_bytes(FILES["plain"](country, office.code))
    same(country, tmp_path, Order(AUGUST, both, IN_TIME, submit=True, verify_by=country.judge))
    same(country, tmp_path, Order(AUGUST, country.importer, IN_TIME, submit=True, verify_by=both))
