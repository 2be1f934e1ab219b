from django.apps import AppConfig


class HealthBookConfig(AppConfig):
    name = "lachan.portals.health_book"
    label = "health_book"
    default_auto_field = "django.db.models.BigAutoField"
