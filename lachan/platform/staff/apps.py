from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "lachan.platform.staff"
    label = "staff"
    default_auto_field = "django.db.models.BigAutoField"
