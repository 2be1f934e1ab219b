"""Amending a verified result: a second result beside the first, for a reason, verified again."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import ResultEntered
from lachan.core.models import Actor
from lachan.systems.testing import rules
from lachan.systems.testing.commands.results import SENTENCES
from lachan.systems.testing.models import Result


class CannotAmend(Refusal):
    pass


@transaction.atomic
def amend_result(
    *, result: Result, outcome: str, ct: Mapping[str, float], reason: str, actor: Actor, at: datetime
) -> Result:
    """Enter what the result should have been. It takes the place of `result` when somebody else verifies it.

    Raises CannotAmend: reason-missing, outcome-unknown, ct-not-pcr, ct-gene, ct-range, not-in-force,
    nothing-changed, amendment-waiting.
    """
    if not reason.strip():
        raise CannotAmend("reason-missing", _("Say why the result is corrected."))
    fault = "outcome-unknown" if outcome not in rules.OUTCOMES else rules.ct_fault(result.subject.assay, ct)
    if fault:
        raise CannotAmend(fault, SENTENCES[fault])
    current = Result.objects.select_for_update().get(pk=result.pk)
    if current.verified_at is None or current.closed_at is not None:
        raise CannotAmend("not-in-force", _("Only a verified result that is in force can be amended."))
    if (current.outcome, current.ct) == (outcome, dict(ct)):
        raise CannotAmend("nothing-changed", _("The amendment says the same as the result."))
    amendment = Result(
        tube_id=current.tube_id, pool_id=current.pool_id, outcome=outcome, ct=dict(ct),
        instrument=current.instrument, kit_lot=current.kit_lot, place_id=current.place_id, entered_at=at,
        entered_by=actor, amends=current, reason=reason.strip(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            amendment.save(force_insert=True)
    except IntegrityError as error:
        raise CannotAmend(
            "amendment-waiting", _("Another amendment of this result waits for verification.")
        ) from error
    emit(
        [
            ResultEntered(
                result_id=amendment.pk, place_id=amendment.place_id, happened_at=at, ref=amendment.ref
            )
        ],
        actor=actor,
    )
    return amendment
