from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lachan.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the parts together: the loop, the words of messages, who has a task with whom, what is kept how long."""
        from lachan.core import access, retention, subscriptions
        from lachan.platform import messages
        from lachan.site.notify import TEXTS
        from lachan.site.retention import RULES
        from lachan.site.subscriptions import LOOP
        from lachan.systems.checkpoints import queries as checkpoints
        from lachan.systems.quarantine import queries as quarantine
        from lachan.systems.testing import queries as testing
        from lachan.systems.tracing import queries as tracing

        retention.let_purge(RULES)
        subscriptions.install(LOOP)
        messages.install(TEXTS)
        access.let_reach("checkpoints", checkpoints.reach)
        access.let_reach("testing", testing.reach)
        access.let_reach("tracing", tracing.reach)
        access.let_reach("quarantine", quarantine.reach)
