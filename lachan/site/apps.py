from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lachan.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lachan.core import subscriptions
        from lachan.site.subscriptions import LOOP

        subscriptions.install(LOOP)
