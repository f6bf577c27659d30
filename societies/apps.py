from django.apps import AppConfig


class SocietiesConfig(AppConfig):
    name = "societies"
    default_auto_field = "django.db.models.BigAutoField"
