from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audits import permissions  # noqa: F401
        from core.links import register_row_link

        register_row_link("audits.audit", "audits:detail")
        register_row_link("audits.collection", "audits:collection")
