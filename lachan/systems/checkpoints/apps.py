from django.apps import AppConfig


class CheckpointsConfig(AppConfig):
    name = "lachan.systems.checkpoints"
    label = "checkpoints"
    default_auto_field = "django.db.models.BigAutoField"
