"""Adjectives of returns and totals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Length, Substr

from offices.models import Officer
from offices.paths import WIDTH
from offices.querysets import within
from returns.choices import AmendmentState, ConsolidationState, ReturnState

if TYPE_CHECKING:
    from returns.amendment_models import Amendment  # noqa: F401
    from returns.consolidation_models import Consolidation  # noqa: F401
    from returns.models import Return, Total  # noqa: F401
    from returns.upload_models import Upload  # noqa: F401


class ReturnQuerySet(models.QuerySet["Return"]):
    def visible_to(self, officer: Officer) -> ReturnQuerySet:
        """Returns of offices at or below the officer's present postings, by the path of their month; and all the past
        of the offices that stand there now."""
        return within(self, officer.seen_paths, "office_path")

    def verified(self) -> ReturnQuerySet:
        return self.filter(state=ReturnState.VERIFIED)

    def with_acceptance(self) -> ReturnQuerySet:
        """With ``is_accepted``, as `accepted` has it."""
        return self.annotate(is_accepted=_acceptance())

    def with_import(self) -> ReturnQuerySet:
        """With ``is_verified_on_import``: whether the version in force was."""
        from returns.models import ReturnVersion

        verified = ReturnVersion.objects.filter(ret=OuterRef("pk"), state=ReturnState.VERIFIED)
        return self.annotate(is_verified_on_import=Exists(verified.filter(is_verified_on_import=True)))

    def accepted(self) -> ReturnQuerySet:
        """Those whose version verified now stands in a verified consolidated return of the superior in that month (of
        the department itself for its own). Nothing of it is stored."""
        return self.filter(_acceptance())


def _acceptance() -> Exists:
    from returns.consolidation_models import ConsolidatedSource

    path = F("version__ret__office_path")
    sources = ConsolidatedSource.objects.annotate(superior=Substr(path, 1, Length(path) - WIDTH))
    above = sources.filter(
        Q(consolidation__office_path=F("superior")) | Q(superior="", consolidation__office_path=path),
        version__ret=OuterRef("pk"),
        version__state=ReturnState.VERIFIED,
        consolidation__state=ConsolidationState.VERIFIED,
    )
    return Exists(above)


class ConsolidationQuerySet(models.QuerySet["Consolidation"]):
    def visible_to(self, officer: Officer) -> ConsolidationQuerySet:
        """Consolidated returns of offices at or below the officer's present postings, by the path of their month."""
        return within(self, officer.seen_paths, "office_path")

    def newest(self) -> ConsolidationQuerySet:
        """The highest number of each office and period among these."""
        later = self.model.objects.filter(
            office=OuterRef("office"), period=OuterRef("period"), number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later))


class TotalQuerySet(models.QuerySet["Total"]):
    def visible_to(self, officer: Officer) -> TotalQuerySet:
        return within(self, [p.office.path for p in officer.current_postings])


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def visible_to(self, officer: Officer) -> AmendmentQuerySet:
        """Amendments to returns of offices at or below the officer's present postings."""
        return within(self, officer.seen_paths, "ret__office_path")

    def open(self) -> AmendmentQuerySet:
        """Those being written or waiting for a decision."""
        return self.filter(state__in=[AmendmentState.DRAFT, AmendmentState.PROPOSED])

    def proposed(self) -> AmendmentQuerySet:
        return self.filter(state=AmendmentState.PROPOSED)

    def with_names(self) -> AmendmentQuerySet:
        """With the return, its office and form, the version amended, and the people."""
        return self.select_related(
            "ret__office__parent", "ret__office__baseline", "ret__form", "base_version", "requested_by", "decided_by"
        ).defer("ret__form__catalogue")


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, officer: Officer) -> UploadQuerySet:
        """Uploads that the officer sent, and those sent by others that wait, or waited, for their verdict."""
        return self.filter(Q(by=officer) | Q(verify_by=officer, consented_at__isnull=False))
