"""What each role may do. One table: `lachan.core.access` asks it, PRIVACY.md shows it."""

from typing import Final

from django.db.models import TextChoices

from lachan.core.models import Role


class Permission(TextChoices):
    """What a door may ask for."""

    SEARCH_PERSONS = "person.search"
    VIEW_PERSON = "person.view"
    REGISTER_PERSON = "person.register"
    REVEAL_IDENTIFIER = "person.reveal"
    MERGE_PERSONS = "person.merge"
    SCAN = "checkpoints.scan"
    MANAGE_PLACES = "checkpoints.manage"
    VIEW_TESTS = "testing.view"
    ORDER_TEST = "testing.order"
    COLLECT_SAMPLE = "testing.collect"
    RECEIVE_SAMPLE = "testing.receive"
    ENTER_RESULT = "testing.enter"
    VERIFY_RESULT = "testing.verify"
    VIEW_CASES = "tracing.view"
    CLASSIFY_CASE = "tracing.classify"
    INTERVIEW = "tracing.interview"
    HAND_OVER = "tracing.hand_over"
    EXPORT_LINE_LIST = "tracing.export"
    VIEW_ORDERS = "quarantine.view"
    ISSUE_ORDER = "quarantine.issue"
    ASSIGN_BED = "quarantine.assign_bed"
    MONITOR = "quarantine.monitor"
    RELEASE = "quarantine.release"
    MANAGE_SITES = "quarantine.manage_sites"
    VIEW_EVENTS = "events.view"


def _holds(*words: str) -> frozenset[Permission]:
    return frozenset(Permission(word) for word in " ".join(words).split())


_FIELD = "person.search person.view person.register"
_OFFICER = (
    _FIELD + " person.reveal checkpoints.manage checkpoints.scan testing.view testing.order tracing.view"
    " tracing.interview quarantine.view quarantine.issue quarantine.assign_bed quarantine.monitor quarantine.release"
    " events.view"
)

PERMISSIONS: Final[dict[str, frozenset[Permission]]] = {
    Role.COMMUNE_OFFICER: _holds(_OFFICER),
    Role.HEALTH_OFFICER: _holds(
        _OFFICER, "person.merge tracing.classify tracing.hand_over tracing.export quarantine.manage_sites"
    ),
    Role.TRACER: _holds(
        _FIELD, "person.reveal testing.view testing.order tracing.view tracing.classify tracing.interview",
        "tracing.hand_over tracing.export quarantine.view events.view",
    ),
    Role.SAMPLER: _holds(_FIELD, "testing.view testing.order testing.collect"),
    Role.LAB_TECHNICIAN: _holds("testing.view testing.receive testing.enter"),
    Role.LAB_VERIFIER: _holds("testing.view testing.receive testing.enter testing.verify"),
    Role.GATE_GUARD: _holds("checkpoints.scan"),
    Role.SITE_MANAGER: _holds(
        "person.view quarantine.view quarantine.assign_bed quarantine.monitor quarantine.release"
    ),
    Role.EPIDEMIOLOGIST: _holds("tracing.view testing.view quarantine.view tracing.export events.view"),
    Role.CALL_AGENT: _holds(
        "person.search person.view tracing.view tracing.interview quarantine.view quarantine.monitor"
    ),
    Role.ADMINISTRATOR: _holds("checkpoints.manage events.view"),
}  # fmt: skip
