from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContractsConfig(AppConfig):
    name = "contracts"
    verbose_name = _("agreements")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from contracts import census, consequences, papers, permissions, tasks  # noqa: F401
