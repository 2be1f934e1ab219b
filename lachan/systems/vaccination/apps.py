from django.apps import AppConfig


class VaccinationConfig(AppConfig):
    name = "lachan.systems.vaccination"
    label = "vaccination"
    default_auto_field = "django.db.models.BigAutoField"
