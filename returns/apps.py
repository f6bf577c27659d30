from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReturnsConfig(AppConfig):
    name = "returns"
    verbose_name = _("returns")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from offices.places import register_follower, register_objector
        from returns import papers, permissions, tasks  # noqa: F401
        from returns.moving import check_closing, follow_move
        from returns.papers import census  # noqa: F401

        register_follower(follow_move)
        register_objector(check_closing)
