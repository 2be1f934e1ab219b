from django.apps import AppConfig


class IssuerConfig(AppConfig):
    name = "lachan.issuer"
    label = "issuer"
    default_auto_field = "django.db.models.BigAutoField"
