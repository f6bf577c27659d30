"""Importing a file or a folder of returns: each office all or nothing, a few of them in memory and a transaction."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import UserError
from core.periods import Period
from offices.models import Office, Officer
from offices.paths import ancestor_paths
from returns import services
from returns.choices import ReturnState
from returns.rollup import request_total
from returns.services.deliveries import DeliveryRefusedError, Taken
from returns.services.submission import SubmissionRefusedError
from returns.workbooks.ahead import Ahead, read_ahead
from returns.workbooks.delivery import Delivery, Key, offices_in, read_csv, read_delivery
from returns.workbooks.verdicts import Fate

logger = logging.getLogger(__name__)

SUFFIXES = (".xlsx", ".csv")
FAILED = "failed"
#: Offices taken in one transaction: whoever saves a figure meanwhile waits for it, half a second at most.
TOGETHER = 25


@dataclass(frozen=True)
class Order:
    """What is asked of an import: the month, who imports, and what is to follow the saving."""

    period: Period
    by: Officer
    at: datetime
    submit: bool = False
    verify_by: Officer | None = None
    dry_run: bool = False


@dataclass(frozen=True)
class OfficeVerdict:
    """What became of one office's figures. ``state`` is that of its return, or ``failed``; ``version`` its number;
    ``refused`` names cells."""

    file: str
    office: str
    state: str
    message: str = ""
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[dict[str, str]] = field(default_factory=list)
    version: int = 0

    @property
    def is_failed(self) -> bool:
        return self.state == FAILED

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value or key in ("file", "office", "state")}


#: What a file holds of an office, or why it cannot be read.
Found = Delivery | OfficeVerdict


def check_order(order: Order) -> None:
    """Raise `UserError` where the same person would import and verify."""
    if order.verify_by is not None and order.verify_by.pk == order.by.pk:
        raise UserError(_("Whoever imports cannot verify too. Name another person to verify."))


def files_at(path: Path) -> list[Path]:
    """The workbooks and CSV files of a folder and those in it, by name, or the one file. `UserError` for none."""
    if path.is_file():
        return [path]
    found = sorted(
        one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and not one.name.startswith((".", "~$"))
    )
    if not found:
        raise UserError(_("There is no XLSX or CSV file at %(path)s.") % {"path": path})
    return found


def import_files(paths: list[Path], order: Order) -> Iterator[tuple[int, OfficeVerdict]]:
    """Import the files in order, some offices at a time; yields the number of files begun with each verdict."""
    check_order(order)
    verified: set[str] = set()
    try:
        with read_ahead(paths) as ahead:
            twice = brought_twice(paths, ahead.offices)
            for number, verdict in _import_all(_read_all(paths, ahead), order, twice):
                if verdict.state == ReturnState.VERIFIED:
                    verified.add(verdict.office)
                yield number, verdict
    finally:
        if not order.dry_run:
            ask_for_totals(verified, order)


def ask_for_totals(verified: Collection[str], order: Order) -> None:
    """Ask for the total of each office above those verified, once; also where the import breaks off."""
    paths = Office.objects.filter(code__in=verified).values_list("path", flat=True)
    above = {path for leaf in paths for path in ancestor_paths(leaf)}
    for office in Office.objects.filter(path__in=above).order_by("-path"):
        request_total(office, order.period, by=order.verify_by, at=order.at)


def _read_all(paths: Sequence[Path], ahead: Ahead) -> Iterator[tuple[int, Found]]:
    for number, (path, delivery) in enumerate(zip(paths, ahead.deliveries(), strict=True), start=1):
        if delivery is not None:
            yield number, delivery
        else:
            yield from _numbered(number, path)


def _numbered(number: int, path: Path) -> Iterator[tuple[int, Found]]:
    """What one file holds; a verdict where it cannot be read."""
    try:
        yield from ((number, delivery) for delivery in _deliveries(path))
    except UserError as error:
        yield number, OfficeVerdict(path.name, "", FAILED, str(error.message))
    except Exception:
        logger.exception("the import of %s failed", path.name)
        yield number, OfficeVerdict(path.name, "", FAILED, _failed())


def _deliveries(path: Path) -> list[Delivery]:
    if path.suffix.lower() == ".csv":
        return read_csv(path.read_bytes(), path.name)
    return [read_delivery(path, path.name)]


def brought_twice(paths: Sequence[Path], told: Sequence[list[Key] | None]) -> dict[Key, str]:
    """Offices and months that files bring more than once, each with what is said of it: the order of the files tells
    nobody which figures count. A file that cannot be read brings nothing; ``told`` is what is known of each."""
    can_be_read = cache(_can_be_read)
    files: dict[Key, list[Path]] = {}
    for path, keys in zip(paths, told, strict=True):
        try:
            for key in offices_in(path) if keys is None else keys:
                files.setdefault(key, []).append(path)
        except Exception:  # noqa: S112  it is said where the file is read
            continue
    several = {key: list(filter(can_be_read, found)) for key, found in files.items() if len(found) > 1}
    return {
        key: _("%(office)s comes more than once: in %(files)s. Nothing of it was saved; send one file of it.")
        % {"office": key[0], "files": _names(found)}
        for key, found in several.items()
        if len(found) > 1
    }


def _can_be_read(path: Path) -> bool:
    return all(isinstance(one, Delivery) for _number, one in _numbered(0, path))


def _names(paths: Sequence[Path]) -> str:
    """Files by their names; by their folders too where these are alike."""
    different = dict.fromkeys(paths)
    alike = len({path.name for path in different}) < len(different)
    return ", ".join(f"“{path.parent.name}/{path.name}”" if alike else f"“{path.name}”" for path in different)


def _import_all(
    found: Iterator[tuple[int, Found]], order: Order, twice: Mapping[Key, str]
) -> Iterator[tuple[int, OfficeVerdict]]:
    while chunk := list(islice(found, TOGETHER)):
        chunk = [(number, _once(one, twice)) for number, one in chunk]
        taken = _take_together([one for _number, one in chunk if isinstance(one, Delivery)], order)
        for number, one in chunk:
            if isinstance(one, OfficeVerdict):
                yield number, one
            elif one.office in taken:
                yield number, _verdict(one, taken.pop(one.office))
            else:
                yield number, _import(one, order)


def _once(one: Found, twice: Mapping[Key, str]) -> Found:
    """What a file holds of an office, refused where another file, or this one again, brings the same."""
    if isinstance(one, Delivery) and (why := twice.get((one.office, one.period))):
        return OfficeVerdict(one.file, one.office, FAILED, why)
    return one


def _take_together(deliveries: Sequence[Delivery], order: Order) -> dict[str, Taken]:
    """Import at once the first delivery of each office, as far as they go through; the others are for `_import`."""
    first: dict[str, Delivery] = {}
    for delivery in deliveries:
        first.setdefault(delivery.office, delivery)
    try:
        return services.import_returns(
            first.values(), order.period, by=order.by, at=order.at, submit=order.submit, verify_by=order.verify_by,
            dry_run=order.dry_run,
        )  # fmt: skip
    except Exception as error:  # such as an office that opened its return in this moment
        logger.warning("%s files are imported one by one (%r)", len(deliveries), error)
        return {}


def _import(delivery: Delivery, order: Order) -> OfficeVerdict:
    """One office; whatever goes wrong with it harms no other."""
    try:
        with transaction.atomic():
            taken = _take(delivery, order)
            transaction.set_rollback(order.dry_run)
    except DeliveryRefusedError as error:
        refused = [
            {"cell": one.cell, "place": one.place, "value": one.after, "message": one.message or str(one.fate.label)}
            for one in error.judgement.refused
        ]
        return OfficeVerdict(delivery.file, delivery.office, FAILED, str(error.message), refused=refused)
    except SubmissionRefusedError as error:
        refused = [{"cell": one.cell, "place": "", "value": "", "message": one.message} for one in error.findings]
        return OfficeVerdict(delivery.file, delivery.office, FAILED, str(error.message), refused=refused)
    except UserError as error:
        return OfficeVerdict(delivery.file, delivery.office, FAILED, str(error.message))
    except PermissionDenied as error:
        return OfficeVerdict(delivery.file, delivery.office, FAILED, _not_allowed(delivery, order, str(error)))
    except Exception:
        logger.exception("the import of %s (%s) failed", delivery.file, delivery.office)
        return OfficeVerdict(delivery.file, delivery.office, FAILED, _failed())
    return _verdict(delivery, taken)


def _failed() -> str:
    return _("The portal failed at this file; nothing of it was saved. It has been noted for the administrator.")


def _verdict(delivery: Delivery, taken: Taken) -> OfficeVerdict:
    count = taken.judgement.count
    return OfficeVerdict(
        file=delivery.file,
        office=delivery.office,
        state=taken.version.state,
        new=count(Fate.NEW),
        changed=count(Fate.CHANGED),
        unchanged=count(Fate.UNCHANGED),
        version=taken.version.number,
    )


def _take(delivery: Delivery, order: Order) -> Taken:
    office = Office.objects.select_related("parent", "baseline").filter(code=delivery.office).first()
    if office is None:
        raise UserError(
            _("“%(file)s” names the office “%(office)s”, which does not exist. Use the office's code.")
            % {"file": delivery.file, "office": delivery.office}
        )
    return services.import_return(
        delivery, office, order.period, by=order.by, at=order.at, submit=order.submit, verify_by=order.verify_by
    )


def _not_allowed(delivery: Delivery, order: Order, right: str) -> str:
    who = order.verify_by if right == "returns.verify_return" and order.verify_by else order.by
    if who is order.by:
        return _("%(name)s may not import or submit the return of %(office)s.") % {
            "name": who.name,
            "office": delivery.office,
        }
    return _("%(name)s may not verify the return of %(office)s: neither its superior nor an administrator.") % {
        "name": who.name,
        "office": delivery.office,
    }
