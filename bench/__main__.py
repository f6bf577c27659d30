"""``bin/bench [--json]``: take every measure, print it beside its limit, exit 1 if one is not kept."""

from __future__ import annotations

import json
import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apa_portal.settings")
django.setup()

from bench import documents, returns  # noqa: E402, F401 (they add their measures)
from bench.calibration import calibrate  # noqa: E402
from bench.suite import BENCHES, Measure  # noqa: E402


def line_of(measure: Measure) -> str:
    limit = "" if measure.limit is None else f"≤ {measure.limit:g}"
    verdict = "" if measure.is_kept else "  TOO MUCH"
    return f"{measure.name:<58}{measure.value:>9.2f} {measure.unit:<14}{limit:>7}{verdict}"


def main() -> int:
    logging.disable(logging.WARNING)
    calibration = calibrate()
    measures = [Measure("calibration page, stock engine", calibration.seconds, "s")]
    for take in BENCHES:
        measures += take(calibration)
    if "--json" in sys.argv[1:]:
        rows = [{"name": one.name, "value": one.value, "unit": one.unit, "limit": one.limit} for one in measures]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        sys.stdout.write("".join(line_of(measure) + "\n" for measure in measures))
    return 0 if all(measure.is_kept for measure in measures) else 1


if __name__ == "__main__":
    sys.exit(main())
