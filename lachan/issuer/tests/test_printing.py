"""On paper and as a picture: read back as a machine reads it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import zxingcpp
from django.utils.translation import override

from lachan.codecs import scanning
from lachan.codecs.hcert import verify
from lachan.core import persons
from lachan.core.dates import BirthDate
from lachan.core.models import Person
from lachan.core.persons import Identity
from lachan.issuer import commands, fields, printing, queries
from lachan.issuer.models import Intent, Reason
from lachan.issuer.rules import Facts, LabTest, Recovery
from lachan.issuer.tests.conftest import AT, DOSE, Office

pytestmark = pytest.mark.django_db
ADDRESS = "https://lachan.example"
NAME = "Nguyễn Thị Quỳnh Đào Ưng Hoàng"
TEST = LabTest(
    assay="LP6464-4", sampled_at=datetime(2026, 11, 19, 1, 30, tzinfo=UTC), result="260415000", name="RT-PCR",
    centre="Phòng xét nghiệm CDC Đà Nẵng",
)  # fmt: skip
RECOVERY = Recovery(
    first_positive_on=date(2026, 10, 1), valid_from=date(2026, 10, 12), valid_until=date(2027, 3, 30)
)
MM_AN_INCH = 25.4


def named(office: Office, name: str = NAME) -> Person:
    identity = Identity(name=name, birth=BirthDate(1980, 4, 8), sex="f", home_area=office.area)
    return persons.register(identity, actor=office.operator, at=AT)


def certified(office: Office, facts: Facts = DOSE, **more: object) -> Intent:
    return office.issued(office.record(facts, person=named(office), **more))


def read(picture: bytes) -> list[str]:
    return scanning.read_codes(picture)


@pytest.mark.parametrize(
    ("facts", "more"),
    [(DOSE, {}), (TEST, {}), (RECOVERY, {"happened_on": date(2026, 10, 1)})],
    ids=["dose", "test", "recovery"],
)
def test_the_code_on_the_paper_reads_and_verifies(
    office: Office, facts: Facts, more: dict[str, object]
) -> None:
    certificate = certified(office, facts, **more)
    page = printing.paper(certificate, base_url=ADDRESS, at=AT, format="png", ppi=200)
    [text] = read(page)
    assert text == certificate.signature.text
    assert verify(text, trust=queries.trust(AT), at=AT).ok


def test_the_code_is_as_large_and_as_strong_as_the_standard_asks(office: Office) -> None:
    certificate = certified(office)
    ppi = 300
    page = printing.paper(certificate, base_url=ADDRESS, at=AT, format="png", ppi=ppi)
    import io

    from PIL import Image

    [code] = zxingcpp.read_barcodes(Image.open(io.BytesIO(page)).convert("L"))
    corners = code.position
    across = (
        (corners.top_left.x - corners.bottom_right.x) ** 2
        + (corners.top_left.y - corners.bottom_right.y) ** 2
    ) ** 0.5
    assert 35 <= across / ppi * MM_AN_INCH <= 60
    assert code.ec_level == "Q"


def test_the_paper_is_one_pdf_page_whoever_bears_it(office: Office) -> None:
    long = office.issued(office.record(person=named(office, "Công Tằng Tôn Nữ " * 4 + "Đỗ")))
    for certificate in (certified(office), long):
        made = printing.paper(certificate, base_url=ADDRESS, at=AT)
        assert made.startswith(b"%PDF")
        assert len(re.findall(rb"/Type\s*/Page\b", made)) == 1


def test_all_eleven_fields_of_the_decision_are_there_in_both_languages(office: Office) -> None:
    from lachan.codecs.hcert.certificate import certificate_of

    certificate = certified(office)
    verdict = verify(certificate.signature.text, trust=queries.trust(AT), at=AT)
    assert verdict.certificate is not None
    said = certificate_of(verdict.certificate.payload)
    assert said is not None
    shown = fields.of_certificate(said)
    assert len(shown) == 11
    with override("vi"):
        vietnamese = [(str(label), str(value)) for label, value in shown]
    with override("en"):
        english = [(str(label), str(value)) for label, value in shown]
    assert all(value for _label, value in vietnamese)
    assert not {label for label, _ in vietnamese} & {label for label, _ in english}
    assert ("Full name", NAME) in english
    assert ("Date of birth", "08/04/1980") in english
    assert ("Vaccine product", "Comirnaty") in english
    assert ("Dose number / doses in the series", "2/2") in english
    assert english[-1] == ("Certificate code", certificate.uvci)


def test_pictures_of_the_code_read_back(office: Office) -> None:
    text = certified(office).signature.text
    assert read(printing.picture_png(text)) == [text]
    assert printing.picture_svg(text).startswith("<svg")


def test_only_what_is_valid_is_handed_out(office: Office) -> None:
    waiting = office.request()
    with pytest.raises(printing.CannotPrint, match="certificate-waiting"):
        printing.text_of(waiting, AT)
    office.sign()
    gone = certified(office)
    with pytest.raises(printing.CannotPrint, match="certificate-expired"):
        printing.text_of(gone, AT + timedelta(days=366))
    commands.revoke_certificate(certificate=gone, reason=Reason.FRAUD, actor=office.operator, at=AT)
    with pytest.raises(printing.CannotPrint, match="certificate-revoked"):
        printing.paper(Intent.objects.get(pk=gone.pk), base_url=ADDRESS, at=AT)


@pytest.mark.parametrize(
    ("written", "shown"),
    [("1980-04-08", "08/04/1980"), ("1980-04", "04/1980"), ("1980", "1980"), ("", ""), ("XX", "XX"),
     ("1980-04-08T00:00", "08/04/1980")],
)  # fmt: skip
def test_a_day_is_shown_as_it_is_known(written: str, shown: str) -> None:
    assert fields.day_as_written(written) == shown


def test_moments_are_shown_in_local_time() -> None:
    assert fields.moment_as_written("2026-11-19T01:30:00Z") == "08:30 19/11/2026"
    assert fields.moment_as_written("soon") == "soon"
