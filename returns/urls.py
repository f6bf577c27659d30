"""Addresses of returns: one office and month, its pages, and the lists that lead there."""

from django.urls import URLPattern, path, register_converter

from core.converters import PeriodConverter
from returns import month_views
from returns.views import (
    amending,
    annexes,
    baseline,
    clearing,
    consolidation,
    entry,
    forms,
    late,
    paper,
    quick,
    reading,
    receipt,
    review,
    talk,
    verdict,
    versions,
    workbook,
)

register_converter(PeriodConverter, "period")

app_name = "returns"
urlpatterns: list[URLPattern] = [
    path("returns/", reading.months, name="months"),
    path("returns/queue/", clearing.queue, name="queue"),
    path("returns/queue/clear/", clearing.clear, name="clear"),
    path("returns/queue/clearings/<slug:key>/", clearing.clearing, name="clearing"),
    path("returns/checks/", clearing.checks, name="checks"),
    path("returns/late/", late.late, name="late"),
    path("returns/deadlines/", late.deadlines, name="deadlines"),
    path("returns/<slug:office>/", reading.office_months, name="office"),
    path("returns/<slug:office>/baseline/", baseline.baseline, name="baseline"),
    path("returns/<slug:office>/baseline/verify/", baseline.verify_baseline, name="verify_baseline"),
    path("returns/<slug:office>/targets/<slug:fiscal_year>/", baseline.targets, name="targets"),
    path("returns/<slug:office>/<period:period>/", entry.entry, name="entry"),
    path("returns/<slug:office>/<period:period>/check/", entry.check, name="check"),
    path("returns/<slug:office>/<period:period>/nil/", entry.nil, name="nil"),
    path("returns/<slug:office>/<period:period>/workbook/", workbook.workbook, name="workbook"),
    path("returns/<slug:office>/<period:period>/workbook/upload/", workbook.upload, name="workbook_upload"),
    path("returns/<slug:office>/<period:period>/verdict/", verdict.verdict, name="verdict"),
    path("returns/<slug:office>/<period:period>/review/", review.review, name="review"),
    path("returns/<slug:office>/<period:period>/receipt/", receipt.receipt, name="receipt"),
    path("returns/<slug:office>/<period:period>/time/", late.grant, name="grant"),
    path("returns/<slug:office>/<period:period>/paper/", paper.print_return, name="paper"),
    path("returns/<slug:office>/<period:period>/blank/", paper.print_blank, name="blank"),
    path("returns/<slug:office>/<period:period>/annexes/", annexes.annexes, name="annexes"),
    path("returns/<slug:office>/<period:period>/cells/", quick.cells, name="cells"),
    path("returns/<slug:office>/<period:period>/cells/<str:cell>/talk/", talk.comment, name="comment"),
    path("returns/<slug:office>/<period:period>/cells/<str:cell>/files/", talk.attach, name="attach"),
    path("returns/<slug:office>/<period:period>/files/<int:pk>/", talk.line_file, name="line_file"),
    path("returns/<slug:office>/<period:period>/cells/<str:cell>/", reading.cell, name="cell"),
    path("returns/<slug:office>/<period:period>/amend/", amending.amend, name="amend"),
    path("returns/<slug:office>/<period:period>/amendments/<int:pk>/", amending.amendment, name="amendment"),
    path("returns/<slug:office>/<period:period>/versions/", versions.versions, name="versions"),
    path("forms/", forms.forms, name="forms"),
    path("forms/draft/<slug:sha>/", forms.draft, name="form_draft"),
    path("forms/<slug:code>/<int:number>/workbook/", forms.download, name="form_workbook"),
    path("forms/<slug:code>/<int:number>/blank/", paper.print_blank_form, name="form_blank"),
    path("months/", month_views.find_month, name="totals"),
    path("months/<slug:office>/<period:period>/", month_views.show_month, name="month"),
    path("months/<slug:office>/<period:period>/add-up/", month_views.add_up, name="month_add_up"),
    path("months/<slug:office>/<period:period>/paper/", month_views.print_month, name="month_paper"),
    path("months/<slug:office>/<period:period>/cells/<str:cell>/", month_views.show_cell, name="month_cell"),
    path("months/<slug:office>/<period:period>/consolidated/", consolidation.consolidation, name="consolidation"),
    path("months/<slug:office>/<period:period>/consolidated/<int:number>/", consolidation.snapshot, name="snapshot"),
    path(
        "months/<slug:office>/<period:period>/consolidated/<int:number>/paper/",
        consolidation.print_snapshot,
        name="snapshot_paper",
    ),
]
