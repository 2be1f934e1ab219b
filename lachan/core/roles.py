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
    VIEW_CERTIFICATES = "certificates.view"
    ISSUE_CERTIFICATE = "certificates.issue"
    REVOKE_CERTIFICATES = "certificates.revoke"
    VIEW_REACTIONS = "reactions.view"
    REPORT_REACTION = "reactions.report"
    JUDGE_REACTION = "reactions.judge"
    CORRECT_RECORDS = "vaccination.correct"
    VIEW_STOCK = "vaccination.stock"
    MOVE_STOCK = "vaccination.move"
    HOLD_LOT = "vaccination.hold"
    RECALL_LOT = "vaccination.recall"
    MANAGE_STORES = "vaccination.stores"
    WORK_LINE = "vaccination.line"
    VIEW_DOSES = "vaccination.doses"
    VIEW_REGISTRATIONS = "vaccination.registrations"
    TAKE_REGISTRATION = "vaccination.register"
    DECIDE_REGISTRATIONS = "vaccination.decide"
    PLAN_SESSIONS = "vaccination.plan"
    VIEW_REPORTS = "feedback.view"
    HANDLE_REPORT = "feedback.handle"
    TAKE_REPORT = "feedback.take"
    VIEW_DECLARATIONS = "declarations.view"
    TAKE_DECLARATION = "declarations.take"
    VIEW_ARRIVALS = "arrivals.view"
    CLEAR_ARRIVALS = "arrivals.clear"
    TAKE_MANIFEST = "arrivals.manifest"
    TRANSFER_TRAVELLERS = "arrivals.transfer"
    VIEW_LEVELS = "riskmap.view"
    ENTER_FIGURES = "riskmap.enter"
    SIGN_LEVEL = "riskmap.sign"
    VIEW_SITUATION = "centre.view"
    IMPORT_COUNTS = "centre.counts"
    LEAD_ALARMS = "alarms.lead"
    ANSWER_ALARMS = "alarms.answer"
    TAKE_CALL = "response.take"
    VIEW_EVENTS = "events.view"
    ANSWER_READS = "reads.answer"
    MANAGE_STAFF = "staff.manage"


def _holds(*words: str) -> frozenset[Permission]:
    return frozenset(Permission(word) for word in " ".join(words).split())


_FIELD = "person.search person.view person.register"
_OFFICER = (
    _FIELD + " person.reveal checkpoints.manage checkpoints.scan testing.view testing.order tracing.view"
    " tracing.interview quarantine.view quarantine.issue quarantine.assign_bed quarantine.monitor quarantine.release"
    " feedback.view feedback.handle declarations.view declarations.take events.view centre.view alarms.answer"
    " riskmap.view riskmap.enter vaccination.registrations vaccination.register"
)

PERMISSIONS: Final[dict[str, frozenset[Permission]]] = {
    Role.COMMUNE_OFFICER: _holds(_OFFICER),
    Role.HEALTH_OFFICER: _holds(
        _OFFICER, "person.merge tracing.classify tracing.hand_over tracing.export quarantine.manage_sites",
        "reads.answer vaccination.stock vaccination.hold vaccination.recall vaccination.doses certificates.view",
        "certificates.revoke reactions.view reactions.report reactions.judge vaccination.correct",
        "centre.counts alarms.lead riskmap.sign vaccination.decide vaccination.plan",
    ),
    Role.TRACER: _holds(
        _FIELD, "person.reveal testing.view testing.order tracing.view tracing.classify tracing.interview",
        "tracing.hand_over tracing.export quarantine.view declarations.view events.view",
    ),
    Role.SAMPLER: _holds(_FIELD, "testing.view testing.order testing.collect"),
    Role.LAB_TECHNICIAN: _holds("testing.view testing.receive testing.enter"),
    Role.LAB_VERIFIER: _holds("testing.view testing.receive testing.enter testing.verify"),
    Role.GATE_GUARD: _holds("checkpoints.scan"),
    Role.SITE_MANAGER: _holds(
        "person.view quarantine.view quarantine.assign_bed quarantine.monitor quarantine.release arrivals.transfer"
    ),
    Role.EPIDEMIOLOGIST: _holds(
        "tracing.view testing.view quarantine.view tracing.export feedback.view events.view vaccination.stock",
        "centre.view centre.counts riskmap.view riskmap.enter",
    ),
    Role.CALL_AGENT: _holds(
        "person.search person.view tracing.view tracing.interview quarantine.view quarantine.monitor",
        "feedback.view feedback.take declarations.view declarations.take response.take",
        "reactions.view reactions.report",
    ),
    Role.CERTIFICATE_OFFICER: _holds(
        "person.search person.view certificates.view certificates.issue certificates.revoke"
    ),
    Role.STORE_KEEPER: _holds("vaccination.stock vaccination.move vaccination.hold"),
    Role.VACCINE_OFFICER: _holds(
        "vaccination.stock vaccination.move vaccination.hold vaccination.recall vaccination.stores vaccination.doses",
        "reactions.view reactions.report reactions.judge vaccination.correct",
        "vaccination.line vaccination.registrations vaccination.register vaccination.decide vaccination.plan",
    ),
    Role.VACCINATOR: _holds(
        "person.search person.view person.register vaccination.line vaccination.stock vaccination.move",
        "reactions.view reactions.report vaccination.correct",
    ),
    Role.BORDER_OFFICER: _holds("person.view arrivals.view arrivals.clear arrivals.manifest arrivals.transfer"),
    # Numbers of areas, nobody's record.
    Role.CENTRE_OFFICER: _holds(
        "centre.view centre.counts alarms.lead alarms.answer feedback.view vaccination.stock riskmap.view"
    ),
    Role.ADMINISTRATOR: _holds("checkpoints.manage events.view reads.answer staff.manage"),
}  # fmt: skip
