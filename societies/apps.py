from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocietiesConfig(AppConfig):
    name = "societies"
    verbose_name = _("societies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from core.links import register_row_link
        from societies import permissions  # noqa: F401
        from societies.lines import event_lines, society_lines

        register_row_link("societies.society", "societies:detail", society_lines)
        register_row_link("societies.statusevent", "societies:event", event_lines)
