"""The agreement as data inside its PDF: schema in ``docs/agreement-data.md``."""

from __future__ import annotations

from typing import Any

from contracts.models import Agreement, AgreementLine, OutcomeRow
from contracts.values import plain_fraction

SCHEMA = "agreement-data/1"


def agreement_data(agreement: Agreement) -> dict[str, Any]:
    """Everything that is agreed, exact: ASCII digits, dates ISO, blanks null."""
    framework = agreement.framework
    return {
        "schema": SCHEMA,
        "office": agreement.office.code,
        "superior": agreement.superior.code,
        "fiscal_year": agreement.fiscal_year.key,
        "version": agreement.version,
        "is_demo": agreement.is_demo,
        "digest": agreement.digest,
        "framework": {
            "code": framework.code,
            "digest": framework.digest,
            "levels": framework.content["levels"],
            "blocks": framework.content["block"],
            "scoring": framework.content["scoring"],
        },
        "parties": agreement.parties,
        "areas": agreement.structure["areas"],
        "activities": agreement.structure["activities"],
        "outcomes": [_outcome(row) for row in agreement.outcomes.all()],
        "lines": [_line(line) for line in agreement.lines.order_by("position")],
    }


def _line(line: AgreementLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "area": line.area,
        "activity": line.activity,
        "name": {"bn": line.name_bn, "en": line.name_en},
        "unit": {"bn": line.unit_bn, "en": line.unit_en},
        "method": line.method,
        "value_type": line.value_type,
        "scoring": line.scoring,
        "direction": line.direction or None,
        "roll_up": line.roll_up,
        "marks": plain_fraction(line.exact_marks),
        "targets": list(line.target_texts),
        "actuals": [line.actual_2, line.actual_1],
        "last_actual_is_provisional": line.actual_1_is_provisional,
        "projections": [line.projection_1, line.projection_2],
        "sources": line.sources,
        "feed": line.feed_data,
        "evidence": line.evidence,
    }


def _outcome(row: OutcomeRow) -> dict[str, Any]:
    return {
        "name": {"bn": row.name_bn, "en": row.name_en},
        "indicator": {"bn": row.indicator_bn, "en": row.indicator_en},
        "unit": {"bn": row.unit_bn, "en": row.unit_en},
        "value_type": row.value_type,
        "actuals": [row.actual_2, row.actual_1],
        "target": row.target,
        "projections": [row.projection_1, row.projection_2],
        "source": row.source,
    }
