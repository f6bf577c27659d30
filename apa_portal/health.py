"""What a container is asked: ``python -m apa_portal.health web`` or ``… worker``; exit status 0 while it is well.

The web server is asked for /health/ as the reverse proxy would ask; worker and beat by the sign of life that a worker
leaves in the home at each sweep.
"""

from __future__ import annotations

import os
import sys
import time
import urllib.request
from pathlib import Path

PATIENCE = 60


def web() -> bool:
    """Whether the web server of this machine and its database answer."""
    address = os.environ.get("HEALTH_ADDRESS", "http://127.0.0.1:8000") + "/health/"
    request = urllib.request.Request(address, headers={"X-Forwarded-Proto": "https"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def worker() -> bool:
    """Whether a worker has swept within the last minute."""
    try:
        return time.time() - Path(os.environ["PORTAL_HOME"], "worker-alive").stat().st_mtime < PATIENCE
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not {"web": web, "worker": worker}[sys.argv[1]]())
