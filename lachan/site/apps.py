from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lachan.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the parts together: the loop, the words of messages, who may see whom by task."""
        from lachan.core import subscriptions
        from lachan.platform import messages
        from lachan.site.notify import TEXTS
        from lachan.site.subscriptions import LOOP

        subscriptions.install(LOOP)
        messages.install(TEXTS)
