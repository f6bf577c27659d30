"""An instance with returns, totals and papers, backed up while five write to it; told in a process of its own.

``python -m tests.house.keeping_story OUT``: fills the instance of PORTAL_HOME, then makes the backup in the midst of
the writers' work. Prints how much was written before the backup began, and by the end.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import django


def main(out: Path) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "apa_portal.settings"
    django.setup()
    print(json.dumps(tell(out)))


def tell(out: Path) -> dict[str, int]:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from core.keeping.backup import make_backup
    from core.keeping.instance import this_instance
    from documents.authority import root
    from documents.files import store_file
    from documents.models import StoredFile
    from jobs.services import run_waiting_jobs
    from tests.factories import make_tree
    from tests.jobs.kill_rounds import publish
    from tests.returns.factories_rollup import AT

    call_command("migrate", verbosity=0)
    tree, form = make_tree(), publish()
    root()
    write_month(0, tree, form)
    run_waiting_jobs()
    over = threading.Event()

    def write(writer: int) -> None:
        number = 0
        while not over.is_set():
            store_file(f"{writer} {number}".encode() * 2000, media_type="text/plain", at=AT)
            number += 1
        connection.close()

    def write_months() -> None:
        number = 1
        while not over.is_set():
            write_month(number, tree, form)
            run_waiting_jobs()
            number += 1
        connection.close()

    writers = [threading.Thread(target=write, args=[number]) for number in range(4)]
    writers.append(threading.Thread(target=write_months))
    for writer in writers:
        writer.start()
    before = StoredFile.objects.count()
    make_backup(this_instance(), out, settings.PORTAL_BACKUP_PASSPHRASE.encode(), at=AT, software="0.1")
    over.set()
    for writer in writers:
        writer.join()
    return {"before": before, "after": StoredFile.objects.count()}


def write_month(number: int, tree: Any, form: Any) -> None:
    """Two verified returns of a month, their totals asked for, and a paper."""
    import random

    from core.periods import Period
    from tests.jobs.kill_rounds import verify_and_ask

    verify_and_ask(Period.month(2023, 7).shift(number), tree, form, random.Random(number))  # noqa: S311


if __name__ == "__main__":
    main(Path(sys.argv[1]))
