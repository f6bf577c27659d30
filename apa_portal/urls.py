"""Addresses of the portal. Each room owns its own ``urls.py``."""

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("accounts/", include("offices.account_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("reports.urls")),
    path("", include("core.urls")),
    path("", include("jobs.urls")),
    path("", include("offices.urls")),
    path("", include("documents.urls")),
    path("", include("societies.urls")),
    path("", include("audits.urls")),
    path("", include("returns.urls")),
    path("", include("contracts.urls")),
]
if apps.is_installed("demo"):
    urlpatterns.append(path("", include("demo.urls")))
