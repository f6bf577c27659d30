"""The calibration page: a plain table in Bangla with as many cells as an office's return, drawn by the stock engine.

What a paper costs beyond it is our design, text layer and attachments.
"""

from __future__ import annotations

from weasyprint import HTML

from bench.suite import Calibration, median_of, seconds_of

ROW = (
    "<tr><td>ক{n}</td><td>এ মাসে নিবন্ধিত সমিতির সংখ্যা</td>"
    "<td>১২</td><td>৩৪৫</td><td>৬,৭৮৯</td><td>১,২৩,৪৫৬</td><td>৭০</td><td>৯৮%</td></tr>"
)
PAGE = """<!doctype html><html lang="bn"><meta charset="utf-8"><style>
@page {{ size: A4; margin: 18mm }}
body {{ font: 8pt "Noto Sans Bengali", "Noto Sans" }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
td {{ border: 0.5pt solid #555; padding: 1mm }}
</style><h1>মাসিক রিটার্ন</h1><table>{rows}</table></html>"""
ROWS = 112


def calibrate() -> Calibration:
    """Render the page six times; the first is not counted."""
    html = PAGE.format(rows="".join(ROW.format(n=number) for number in range(ROWS)))
    return Calibration(median_of(lambda: seconds_of(lambda: HTML(string=html).write_pdf())))
