"""Addresses of the portal. Each room owns its own ``urls.py``."""

from allauth.account.decorators import secure_admin_login
from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

# The administration has no log-in of its own: rate limits and the second factor hold there, too.
admin.site.site_header = admin.site.site_title = _("Administration of the portal")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler400 = "core.failures.bad_request"
handler500 = "core.failures.server_error"

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
