"""A lock that says an instance is being served. Web server and worker share it; restoring and moving take it alone.

It lies in the home and ends with the process that took it, however that ends.
"""

from __future__ import annotations

import fcntl
import sys
from pathlib import Path
from typing import TextIO

_held: list[TextIO] = []


def hold(home: Path) -> None:
    """Hold the lock for as long as this process and its children live; end it where the instance is being restored."""
    if (home / "restore.json").exists():
        sys.exit(f"{home}: a restore into this instance was interrupted; call bin/restore again")
    file = (home / "serving.lock").open("a")
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit(f"{home}: this instance is being restored or moved; start it afterwards")
    _held.append(file)
