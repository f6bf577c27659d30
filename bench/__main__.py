"""``bin/bench [--json]``: take every measure, print it beside its limit, exit 1 if one is not kept."""

from __future__ import annotations

import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apa_portal.settings")
django.setup()

from bench import documents, national, returns  # noqa: E402, F401 (they add their measures)
from bench.calibration import calibrate  # noqa: E402
from bench.suite import BENCHES, Measure, report  # noqa: E402


def main() -> int:
    logging.disable(logging.WARNING)
    calibration = calibrate()
    measures = [Measure("calibration page, stock engine", calibration.seconds, "s")]
    for take in BENCHES:
        measures += take(calibration)
    return report([*measures, *national.measures()])


if __name__ == "__main__":
    sys.exit(main())
