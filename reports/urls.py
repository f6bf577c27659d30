from django.urls import path

from reports import starting_views, views

app_name = "reports"
urlpatterns = [
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("starting/", starting_views.districts, name="starting_districts"),
    path("starting/<slug:office>/", starting_views.starting, name="starting"),
]
