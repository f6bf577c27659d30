from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("work in the background")
    default_auto_field = "django.db.models.BigAutoField"
