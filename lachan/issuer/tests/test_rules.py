"""What may be certified, and when a key may sign: rules as tables and laws."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.hcert import schema
from lachan.issuer import rules
from lachan.issuer.rules import Dose, Holder, Key, KeyStage, LabTest, Recovery
from lachan.issuer.rules.facts import DETECTED, NOT_DETECTED, NUCLEIC_ACID_TEST, RAPID_TEST

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 19)
DOSE = Dose(vaccine="1119349007", product="EU/1/20/1528", manufacturer="ORG-100030215", number=1, of=2)
PCR = LabTest(
    assay=NUCLEIC_ACID_TEST, sampled_at=AT - timedelta(days=1), result=NOT_DETECTED, name="PCR", centre="CDC"
)
RAPID = LabTest(assay=RAPID_TEST, sampled_at=AT - timedelta(days=1), result=DETECTED, device="1232")
RECOVERED = Recovery(first_positive_on=DAY, valid_from=DAY + timedelta(11), valid_until=DAY + timedelta(180))


def but(facts: rules.Facts, **changed: object) -> rules.Facts:
    return msgspec.structs.replace(facts, **changed)


REFUSED = [
    ("disease-unknown", but(DOSE, disease="1"), DAY),
    ("in-future", DOSE, DAY + timedelta(2)),
    ("product-unpaired", but(DOSE, manufacturer="ORG-100001699"), DAY),
    ("product-unpaired", but(DOSE, product="EU/1/21/1529"), DAY),
    ("product-unpaired", but(DOSE, vaccine="29061000087103"), DAY),
    ("product-unpaired", but(DOSE, vaccine="J07BX03"), DAY),
    ("product-unpaired", but(DOSE, product=""), DAY),
    ("dose-number", but(DOSE, number=0), DAY),
    ("dose-number", but(DOSE, number=3), DAY),
    ("dose-number", but(DOSE, number=10, of=10), DAY),
    ("assay-unknown", but(PCR, assay="smell"), DAY),
    ("result-unknown", but(PCR, result="perhaps"), DAY),
    ("test-name-missing", but(PCR, name=""), DAY),
    ("test-name-missing", but(RAPID, device=""), DAY),
    ("test-day", PCR, DAY - timedelta(3)),
    ("test-day", but(PCR, sampled_at=datetime(2026, 11, 19, 2, 0)), DAY),  # noqa: DTZ001
    ("recovery-period", RECOVERED, DAY - timedelta(1)),
    ("recovery-period", but(RECOVERED, valid_until=DAY), DAY),
    ("recovery-period", but(RECOVERED, valid_until=DAY + timedelta(366)), DAY),
    ("recovery-period", but(RECOVERED, valid_from=DAY - timedelta(1)), DAY),
]


@pytest.mark.parametrize(("code", "facts", "day"), REFUSED)
def test_what_no_certificate_may_state_is_refused(code: str, facts: rules.Facts, day: date) -> None:
    with pytest.raises(rules.RefusedFacts, match=code):
        rules.check_facts(facts, happened_on=day, today=DAY + timedelta(1))


@pytest.mark.parametrize("facts", [DOSE, but(DOSE, number=3, of=3), PCR, RAPID, RECOVERED])
def test_what_may_be_stated_is_of_the_schema(facts: rules.Facts) -> None:
    rules.check_facts(facts, happened_on=DAY, today=DAY)
    holder = Holder("Nguyễn Bảo Duy", 1990, 5, 7)
    payload = rules.payload_of(
        facts, holder, happened_on=DAY, country="VN", issuer="Ministry of Health", certificate_id="URN:UVCI:01:VN:AB#X"
    )  # fmt: skip
    schema.require_exact(payload)
    assert payload["nam"] == {"fn": "Nguyễn", "fnt": "NGUYEN", "gn": "Bảo Duy", "gnt": "BAO<DUY"}
    kept = msgspec.json.decode(msgspec.json.encode(rules.facts_json(facts)))
    assert rules.facts_from(rules.facts.KIND_OF[type(facts)], kept) == facts


def test_every_pair_of_the_table_belongs_together_and_no_mixture_does() -> None:
    assert len(rules.PAIRS) > 30
    assert all(rules.belong_together(*pair) for pair in rules.PAIRS)
    comirnaty, vaxzevria = "EU/1/20/1528", "EU/1/21/1529"
    assert not rules.belong_together("29061000087103", vaxzevria, "ORG-100030215"), (
        "the published sample's mistake"
    )
    assert not rules.belong_together("29061000087103", comirnaty, "ORG-100030215")


@pytest.mark.parametrize(
    ("holder", "born"),
    [
        (Holder("Lê Hoa"), ""),
        (Holder("Lê Hoa", 1950), "1950"),
        (Holder("Lê Hoa", 1950, 3), "1950-03"),
        (Holder("Lê Hoa", 1950, 3, 9), "1950-03-09"),
    ],
)
def test_a_birth_date_is_as_long_as_it_is_known(holder: Holder, born: str) -> None:
    payload = rules.payload_of(
        DOSE, holder, happened_on=DAY, country="VN", issuer="M", certificate_id="URN:UVCI:01:VN:AB#X"
    )
    assert payload["dob"] == born
    schema.require_exact(payload)


@given(st.text(min_size=1).filter(lambda t: t.strip()))
def test_any_name_makes_a_payload_with_letters_of_passports(name: str) -> None:
    payload = rules.payload_of(
        DOSE, Holder(name), happened_on=DAY, country="VN", issuer="M", certificate_id="URN:UVCI:01:VN:AB#X"
    )
    names = payload["nam"]
    assert set(names["fnt"]) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
    assert names["fnt"]


@given(st.text("Ế Æ", min_size=80, max_size=300).filter(lambda t: t.strip()))
def test_what_is_too_long_for_the_schema_is_cut(name: str) -> None:
    facts = LabTest(
        assay=NUCLEIC_ACID_TEST, sampled_at=AT, result=NOT_DETECTED, name="PCR " * 30, centre=name
    )  # fmt: skip
    payload = rules.payload_of(
        facts, Holder(name), happened_on=DAY, country="VN", issuer="M", certificate_id="URN:UVCI:01:VN:AB#X"
    )
    schema.require_exact(payload)
    assert name.strip().startswith(payload["nam"]["fn"])


@pytest.mark.parametrize(
    ("issued", "expires", "key_ends", "code"),
    [
        (AT, AT + timedelta(365), None, ""),
        (AT, AT + timedelta(365, seconds=1), None, "too-long"),
        (AT, AT, None, "backwards"),
        (AT, AT - timedelta(1), None, "backwards"),
        (AT, AT + timedelta(30), AT + timedelta(30), ""),
        (AT, AT + timedelta(30), AT + timedelta(29), "beyond-key"),
    ],
)
def test_validity_is_a_year_at_most_and_ends_with_the_key(
    issued: datetime, expires: datetime, key_ends: datetime | None, code: str
) -> None:
    assert rules.validity_problem(issued, expires, key_ends=key_ends) == code


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_usual_expiry_is_never_a_problem(at: datetime) -> None:
    assert not rules.validity_problem(at.replace(microsecond=0), rules.expiry(at))


def key(**more: object) -> Key:
    given: dict[str, object] = {"kid": b"k" * 8, "not_before": AT, "not_after": AT + rules.LIFE}
    return Key(**(given | more))  # type: ignore[arg-type]


def published(at: datetime, **more: object) -> Key:
    fresh = key(**more)
    plan = rules.plan_use(fresh, at)
    return key(published_at=at, use_from=plan.use_from, use_until=plan.use_until, **more)


STAGES = [
    (-1, KeyStage.CREATED),
    (0, KeyStage.PUBLISHED),
    (6.99, KeyStage.PUBLISHED),
    (7, KeyStage.IN_USE),
    (189, KeyStage.IN_USE),
    (190, KeyStage.RETIRED),
    (730, KeyStage.RETIRED),
    (731, KeyStage.ENDED),
]


@pytest.mark.parametrize(("days", "stage"), STAGES)
def test_the_stage_of_a_key_is_read_from_its_dates(days: float, stage: KeyStage) -> None:
    assert rules.stage(published(AT), AT + timedelta(days=days)) == stage


def test_a_compromised_key_is_that_from_then_on() -> None:
    lost = published(AT, compromised_at=AT + timedelta(20))
    assert rules.stage(lost, AT + timedelta(19)) == KeyStage.IN_USE
    assert rules.stage(lost, AT + timedelta(20)) == KeyStage.COMPROMISED
    assert rules.stage(lost, AT + timedelta(2000)) == KeyStage.COMPROMISED


def test_an_unpublished_key_signs_nothing() -> None:
    assert rules.key_to_use([key()], AT + timedelta(30)) is None


def test_the_newest_key_in_use_signs() -> None:
    old, new = published(AT, kid=b"old-old-"), published(AT + timedelta(60), kid=b"new-new-")
    assert rules.key_to_use([new, old], AT + timedelta(60)) == old
    assert rules.key_to_use([new, old], AT + timedelta(67)) == new


def test_a_key_does_not_sign_what_outlives_its_certificate() -> None:
    only = published(AT)
    lasting = only.not_after - (AT + timedelta(10))
    assert rules.key_to_use([only], AT + timedelta(10), lasting=lasting) == only
    assert rules.key_to_use([only], AT + timedelta(10), lasting=lasting + timedelta(1)) is None


@given(st.integers(0, 700))
def test_what_a_key_signs_at_the_end_of_its_use_ends_before_it(days: int) -> None:
    made = published(AT + timedelta(days))
    assert made.use_until is not None
    assert made.use_until + rules.LONGEST <= made.not_after


@pytest.mark.parametrize(
    ("before", "after"), [("dose:7", "dose:7+1"), ("dose:7+1", "dose:7+2"), ("a+b", "a+b+1"), ("+9", "+10")]
)
def test_corrections_are_numbered(before: str, after: str) -> None:
    assert rules.next_reference(before) == after
