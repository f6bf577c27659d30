from django.conf import settings
from django.urls import URLPattern, path

from core import views

app_name = "core"
urlpatterns: list[URLPattern] = [path("look/", views.look, name="look")] if settings.DEBUG else []
