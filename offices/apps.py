from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficesConfig(AppConfig):
    name = "offices"
    verbose_name = _("offices and officers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from offices import checks, permissions, tasks  # noqa: F401
