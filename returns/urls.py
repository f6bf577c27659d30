"""Addresses of returns: one office and month, its pages, and the lists that lead there."""

from django.urls import URLPattern, path, register_converter

from core.converters import PeriodConverter
from returns.views import entry, reading, verdict

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
    path("returns/<slug:office>/<period:period>/cells/<str:cell>/", reading.cell, name="cell"),
]
