from django.apps import AppConfig


class TestingConfig(AppConfig):
    name = "lachan.systems.testing"
    label = "testing"
    default_auto_field = "django.db.models.BigAutoField"
