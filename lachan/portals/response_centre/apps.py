from django.apps import AppConfig


class ResponseCentreConfig(AppConfig):
    name = "lachan.portals.response_centre"
    label = "response_centre"
    default_auto_field = "django.db.models.BigAutoField"
