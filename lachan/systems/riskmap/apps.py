from django.apps import AppConfig


class RiskmapConfig(AppConfig):
    name = "lachan.systems.riskmap"
    label = "riskmap"
    default_auto_field = "django.db.models.BigAutoField"
