"""How gunicorn serves the portal: ``gunicorn apa_portal.wsgi``. Command-line options win over this file.

Before the first worker starts, the settings are read and the system checks asked, those of the database among them:
a wrong value or an open demonstration account outside a demonstration stops the start with its line.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

from apa_portal import serving

ROOT = Path(__file__).resolve().parent

bind = "127.0.0.1:8000"
worker_class = "gthread"
workers = 2
threads = 4
timeout = 60
# A worker is replaced now and then, so that memory a rare page took does not stay.
max_requests = 2000
max_requests_jitter = 200
# No interface to steer it from outside: a supervisor does that, and the container's files are read-only.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Refuse to serve an instance whose checks fail, or one that is being restored."""
    command = [sys.executable, str(ROOT / "manage.py"), "check", "--database", "default"]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if checked.returncode:
        sys.exit(checked.stderr.strip() or "The portal's checks failed.")
    from django.conf import settings

    serving.hold(settings.PORTAL_HOME)
