from django.apps import AppConfig


class ArrivalsConfig(AppConfig):
    name = "lachan.systems.arrivals"
    label = "arrivals"
    default_auto_field = "django.db.models.BigAutoField"
