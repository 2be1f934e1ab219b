"""The kernel: persons, places, presences, events, actors. It holds no epidemic rule."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lachan.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lachan.core import arrays, driver

        arrays.register()
        driver.register()
