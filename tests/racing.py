"""Acts of several people in the same moment, each in a thread and connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from core.errors import UserError


def race(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts at once; ``done`` or the message each was refused with. Any other error ends the test."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        try:
            gate.wait(timeout=20)
            act()
        except UserError as error:
            return str(error.message)
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
