"""What to look at in a month of a whole district or division: who is not in, and the returns that the checks doubt."""

from __future__ import annotations

from dataclasses import dataclass

from core.periods import Period
from offices.choices import LEAF_KINDS
from offices.models import Office
from offices.paths import WIDTH
from offices.places import Tree
from returns.checks import Looked, look_at
from returns.completeness import Standing
from returns.dossiers import dossiers_of
from returns.models import ReturnVersion
from returns.months import Month
from returns.rollup import stood_below
from returns.worklist import newest_versions


@dataclass(frozen=True)
class Doubted:
    """A return with the doubts of the checks, strongest first."""

    version: ReturnVersion
    looked: Looked


@dataclass(frozen=True)
class Missing:
    """A leaf office that is due and not in, with the office it answered to in the month."""

    standing: Standing
    superior: Office | None


def missing_in(month: Month) -> list[Missing]:
    """Who is not in at and below an office. One query."""
    missing, tree = month.completeness.missing, Tree(month.period)
    superiors = {tree.path(one): one for one in tree.at({one.path[:-WIDTH] for one in missing})} if missing else {}
    return [Missing(one, superiors.get(one.path[:-WIDTH])) for one in missing]


def doubted_returns(office: Office, period: Period) -> list[Doubted]:
    """The leaf offices' returns of a month at and below a district or division, submitted or verified, against which a
    check holds something; worst first. Seven queries, however many returns."""
    rows = newest_versions().filter(stood_below(office, [period]), ret__office__kind__in=LEAF_KINDS)
    versions = list(rows.filter(submitted_at__isnull=False))
    dossiers = dossiers_of(versions)
    looked = [Doubted(version, look_at(dossiers[version.pk])) for version in versions]
    return sorted(
        (one for one in looked if not one.looked.is_clean),
        key=lambda one: (-one.looked.rank, one.version.ret.office_path),
    )
