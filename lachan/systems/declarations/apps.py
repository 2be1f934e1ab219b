from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    name = "lachan.systems.declarations"
    label = "declarations"
    default_auto_field = "django.db.models.BigAutoField"
