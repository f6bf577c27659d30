"""Many rows at once: what is written is what was given, and a breach of a rule writes none of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.bulk import WORDS, insert_rows
from core.models import LegalSetting

pytestmark = pytest.mark.django_db

COLUMNS = ("key", "value", "unit", "legal_ref", "valid_from", "is_verified")
MANY = WORDS // len(COLUMNS) + 1  # more than one statement of the embedded database takes


def row(key: str, value: int) -> tuple[Any, ...]:
    return key, value, "টাকা", "ধারা ১\tক\\খ\nগ", date(2026, 7, 1), True


def stored() -> list[tuple[Any, ...]]:
    return list(LegalSetting.objects.filter(key__startswith="bulk.").order_by("value").values_list(*COLUMNS))


def test_rows_are_written_as_they_are() -> None:
    rows = [row(f"bulk.{number:05}", number - 1) for number in range(MANY)]
    insert_rows(LegalSetting, COLUMNS, rows)
    assert stored() == rows
    insert_rows(LegalSetting, COLUMNS, [])
    assert len(stored()) == MANY


def test_a_row_that_breaks_a_rule_takes_all_with_it() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(
            LegalSetting, COLUMNS, [*(row(f"bulk.{number}", number) for number in range(MANY)), row("bulk.1", 1)]
        )
    assert stored() == []
