from __future__ import annotations

from tests.matrix import any_officer, register

register("offices:rights", get=any_officer)
