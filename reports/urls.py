from django.urls import path

from core import converters  # noqa: F401 (periods in addresses)
from reports import quarter_views, starting_views, views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("starting/", starting_views.districts, name="starting_districts"),
    path("starting/<slug:office>/", starting_views.starting, name="starting"),
    path("quarters/", quarter_views.find_quarter, name="quarters"),
    path("quarters/<slug:office>/<period:period>/", quarter_views.show_quarter, name="quarter"),
    path("quarters/<slug:office>/<period:period>/paper/", quarter_views.print_quarter, name="quarter_paper"),
]
