from django.apps import AppConfig


class CentreConfig(AppConfig):
    name = "lachan.centre"
    label = "centre"
    default_auto_field = "django.db.models.BigAutoField"
