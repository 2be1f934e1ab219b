"""What officers write down about cases: evidence, never a classification."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import clock, persons
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import FindingRecorded
from lachan.core.models import Actor, Person
from lachan.platform import policies
from lachan.systems.tracing.commands import assessing, evidence, graph
from lachan.systems.tracing.models import Case, CaseFinding
from lachan.systems.tracing.rules import Finding, FindingKind, classify


class CannotReportCase(Refusal):
    """not-enough-evidence, onset-in-the-future."""

    status = 422


class CannotVoid(Refusal):
    """finding-not-of-case, finding-already-void, finding-from-laboratory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What an officer knows of somebody who may be ill: symptom codes, a contact with a case, a clinician's word."""

    symptoms: tuple[str, ...] = ()
    onset_on: date | None = None
    epi_link: bool = False
    diagnosis: bool = False
    isolated_at: datetime | None = None
    note: str = ""


@transaction.atomic
def report_case(*, person: Person, report: Report, actor: Actor, at: datetime) -> Case:
    """Add what is reported to the person's live case, or open one. Raises CannotReportCase."""
    graph.hold()
    root = persons.roots_locked([person.pk])[person.pk]
    known = assessing.live_cases([root]).get(root)
    _check(report, at, needs_a_case=known is None)
    case = known or assessing.open_cases([root], at=at)[root]
    told = FindingRecorded(
        person_id=root, case_id=case.pk, finding=_kinds(report)[0], happened_at=at, ref=f"tracing.case:{case.pk}"
    )  # fmt: skip
    emit([told], actor=actor)
    rows = [_row(case, kind, report, told, actor, at) for kind in _kinds(report)]
    assessing.add_findings(rows)
    evidence.reassess({case: told.id}, actor=actor, at=at)
    return case


def _kinds(report: Report) -> Sequence[FindingKind]:
    kinds: dict[FindingKind, bool] = {
        "diagnosis": report.diagnosis,
        "epi_link": report.epi_link,
        "symptoms": bool(report.symptoms or report.onset_on),
        "isolated": report.isolated_at is not None,
    }
    return [kind for kind, held in kinds.items() if held]


def _check(report: Report, at: datetime, *, needs_a_case: bool) -> None:
    if report.onset_on and report.onset_on > clock.local_date(at):
        raise CannotReportCase("onset-in-the-future", _("The day of onset is in the future."))
    findings = [
        Finding(id=i, kind=kind, at=at, symptoms=report.symptoms if kind == "symptoms" else ())
        for i, kind in enumerate(_kinds(report), start=1)
    ]
    by_pcr = policies.at(clock.local_date(at)).testing.confirm_antigen_by_pcr
    makes_a_case = classify(findings, confirm_antigen_by_pcr=by_pcr) != "withdrawn"
    if not findings or (needs_a_case and not makes_a_case):
        raise CannotReportCase(
            "not-enough-evidence",
            _("A suspect case needs two symptoms or a clinician's diagnosis. Order a test instead."),
        )


def _row(
    case: Case, kind: FindingKind, report: Report, told: FindingRecorded, actor: Actor, at: datetime
) -> CaseFinding:
    ill = kind == "symptoms"
    return CaseFinding(
        case=case, kind=kind, at=(report.isolated_at or at) if kind == "isolated" else at, recorded_at=at,
        actor=actor, event_id=told.id, note=report.note, symptoms=list(report.symptoms) if ill else [],
        onset_on=report.onset_on if ill else None,
    )  # fmt: skip


@transaction.atomic
def void_finding(*, case: Case, finding: CaseFinding, note: str, actor: Actor, at: datetime) -> None:
    """Take back what was written down in error; the row stays, with one that voids it. Laboratory results are
    amended in the laboratory. Raises CannotVoid."""
    graph.hold()
    if finding.case_id != case.pk and finding.case.joined_to_id != case.pk:
        raise CannotVoid("finding-not-of-case", _("This finding belongs to another case."))
    if finding.result_id is not None or finding.kind == "voided":
        raise CannotVoid("finding-from-laboratory", _("A test result is corrected by the laboratory."))
    if finding.voided_by.exists():
        raise CannotVoid("finding-already-void", _("This finding was taken back before."))
    told = FindingRecorded(
        person_id=case.root_id, case_id=case.pk, finding="voided", happened_at=at, ref=f"tracing.case:{case.pk}"
    )  # fmt: skip
    emit([told], actor=actor)
    void = CaseFinding(
        case=finding.case, kind="voided", voids=finding, at=at, recorded_at=at, actor=actor, event_id=told.id,
        note=note,
    )  # fmt: skip
    assessing.add_findings([void])
    evidence.reassess({case: told.id}, actor=actor, at=at)
