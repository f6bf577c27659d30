"""A real Celery worker with its embedded beat, in a process group of its own that can be killed whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


class RealWorker:
    """`start` it, `kill` its whole group as a power cut would, `start` it again. Its log lies in the home."""

    def __init__(self, home: Path) -> None:
        self.log = home / "worker.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the worker with the environment of this process."""
        words = ["-m", "celery", "-A", "apa_portal", "worker", "-B", "--concurrency", "2", "--loglevel", "INFO"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *words, *quiet], stdout=log, stderr=log, start_new_session=True, env=dict(os.environ)
            )

    def kill(self) -> None:
        """SIGKILL to the group: parent, children and beat die without a word."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask the worker to end; kill what does not."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self.process = self.process, None
        if process is None:
            return
        os.killpg(process.pid, how)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
