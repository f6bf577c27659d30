from django.apps import AppConfig


class AuditsConfig(AppConfig):
    name = "audits"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from audits import permissions  # noqa: F401
        from audits.lines import audit_lines, collection_lines
        from core.links import register_row_link

        register_row_link("audits.audit", "audits:detail", audit_lines)
        register_row_link("audits.collection", "audits:collection", collection_lines)
