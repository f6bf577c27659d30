from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditsConfig(AppConfig):
    name = "audits"
    verbose_name = _("audits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audits import permissions  # noqa: F401
        from audits.lines import audit_lines, collection_lines
        from core.links import register_row_link

        register_row_link("audits.audit", "audits:detail", audit_lines)
        register_row_link("audits.collection", "audits:collection", collection_lines)
