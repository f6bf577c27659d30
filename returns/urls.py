"""Addresses of returns: one office and month, its pages, and the lists that lead there."""

from django.urls import URLPattern, path, register_converter

from core.converters import PeriodConverter
from returns import month_views
from returns.views import entry, paper, reading, verdict

register_converter(PeriodConverter, "period")

app_name = "returns"
urlpatterns: list[URLPattern] = [
    path("returns/", reading.months, name="months"),
    path("returns/queue/", reading.queue, name="queue"),
    path("returns/<slug:office>/", reading.office_months, name="office"),
    path("returns/<slug:office>/<period:period>/", entry.entry, name="entry"),
    path("returns/<slug:office>/<period:period>/check/", entry.check, name="check"),
    path("returns/<slug:office>/<period:period>/nil/", entry.nil, name="nil"),
    path("returns/<slug:office>/<period:period>/verdict/", verdict.verdict, name="verdict"),
    path("returns/<slug:office>/<period:period>/paper/", paper.print_return, name="paper"),
    path("returns/<slug:office>/<period:period>/cells/<str:cell>/", reading.cell, name="cell"),
    path("months/", month_views.find_month, name="totals"),
    path("months/<slug:office>/<period:period>/", month_views.show_month, name="month"),
    path("months/<slug:office>/<period:period>/add-up/", month_views.add_up, name="month_add_up"),
    path("months/<slug:office>/<period:period>/paper/", month_views.print_month, name="month_paper"),
    path("months/<slug:office>/<period:period>/cells/<str:cell>/", month_views.show_cell, name="month_cell"),
]
