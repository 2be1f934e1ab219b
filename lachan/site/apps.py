from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "lachan.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put the parts together: the loop, the words of messages, who has a task with whom, which lists
        may be saved as files, what stands in the health book, what is kept how long."""
        from lachan.core import access, retention, subscriptions
        from lachan.platform import exports, messages, record
        from lachan.site.book import SECTIONS
        from lachan.site.notify import TEXTS
        from lachan.site.retention import RULES
        from lachan.site.subscriptions import LOOP
        from lachan.systems.arrivals import queries as arrivals
        from lachan.systems.arrivals.views.desk import ARRIVALS
        from lachan.systems.checkpoints import queries as checkpoints
        from lachan.systems.declarations import queries as declarations
        from lachan.systems.declarations.views.desk import DECLARATIONS
        from lachan.systems.feedback.views.export import REPORTS
        from lachan.systems.quarantine import queries as quarantine
        from lachan.systems.quarantine.views.export import ORDERS
        from lachan.systems.testing import queries as testing
        from lachan.systems.testing.views.export import TESTS
        from lachan.systems.tracing import queries as tracing
        from lachan.systems.tracing.views.export import LINE_LIST
        from lachan.systems.vaccination.queries import line
        from lachan.systems.vaccination.views.export import STOCK
        from lachan.systems.vaccination.views.registrations import REGISTRATIONS

        retention.let_purge(RULES)
        subscriptions.install(LOOP)
        messages.install(TEXTS)
        record.install(SECTIONS)
        exports.offer([LINE_LIST, ORDERS, REPORTS, STOCK, TESTS])
        access.let_reach("checkpoints", checkpoints.reach)
        access.let_reach("testing", testing.reach)
        access.let_reach("tracing", tracing.reach)
        access.let_reach("quarantine", quarantine.reach)
        access.let_reach("declarations", declarations.reach)
        access.let_reach("vaccination", line.reach)
        access.let_reach("arrivals", arrivals.reach)
        access.let_reach("arrivals.aboard", arrivals.reach_aboard)
        access.let_reach("arrivals.listed", arrivals.reach_listed)
        exports.offer([ARRIVALS, DECLARATIONS, REGISTRATIONS])
