"""Every dose of a lot: those that stand, each with its certificate."""

import pytest

from lachan.core.models import Role
from lachan.issuer.models import Intent
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.queries.doses import certificates_of, doses_of_lot
from lachan.systems.vaccination.tests.conftest import NOON, keeper, posting
from lachan.systems.vaccination.tests.line_rows import injected, session, vial

pytestmark = pytest.mark.django_db


def test_those_that_stand_are_listed_with_their_certificates() -> None:
    here = session()
    assert here.lot is not None
    bottle = vial(here)
    kept, gone = injected(here, bottle), injected(here, bottle)
    commands.withdraw_dose(dose=gone, reason="mistake", actor=keeper(), at=NOON)
    officer = posting(Role.VACCINE_OFFICER, area=here.site.area)
    found = list(doses_of_lot(officer, here.lot))
    assert found == [kept]
    intent = Intent.objects.get(record__reference=f"dose:{kept.pk}")
    assert certificates_of(found) == {kept.pk: intent}
