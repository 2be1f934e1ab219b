"""Every guard of the issuer's tables, violated on purpose past the commands."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from lachan.core.eventlog import emit
from lachan.core.events import BackingRecorded
from lachan.core.models import EventRow
from lachan.issuer import models as m
from lachan.issuer.rules import PAIRS, facts_json
from lachan.issuer.tests.conftest import AT, DOSE, YESTERDAY, Office

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def event(office: Office) -> EventRow:
    with transaction.atomic():
        [told] = emit(
            [BackingRecorded(record_id=1, use="v", happened_on=YESTERDAY, happened_at=AT)],
            actor=office.operator,
        )
    return EventRow.objects.get(pk=told.id)


@pytest.fixture
def made(office: Office, event: EventRow) -> "Made":
    return Made(office, event)


class Made:
    """Rows as no command would write them."""

    def __init__(self, office: Office, event: EventRow) -> None:
        self.office, self.event = office, event

    def record(self, **more: Any) -> m.Record:
        given = {
            "kind": "v", "person": self.office.person(), "facts": facts_json(DOSE), "happened_on": YESTERDAY,
            "source": "direct", "reference": "1", "event": self.event, "recorded_by": self.office.operator,
            "recorded_at": AT,
        }  # fmt: skip
        return m.Record.objects.create(**given | more)

    def intent(self, **more: Any) -> m.Intent:
        record = more.pop("record", None) or self.record(reference=str(m.Record.objects.count()))
        payload = more.get("payload", b"{}")
        given = {
            "uvci": f"URN:UVCI:01:VN:{record.pk}#1", "record": record, "person_id": record.person_id,
            "kind": record.kind, "payload": payload, "digest": sha256(payload).digest(), "issuer": "VN",
            "issued_at": AT, "expires_at": AT + 30 * DAY, "event": self.event, "requested_at": AT,
            "requested_by": self.office.operator,
        }  # fmt: skip
        return m.Intent.objects.create(**given | more)

    def signature(self, **more: Any) -> m.Signature:
        key = more.pop("key", None) or m.SignerKey.objects.get()
        given = {
            "intent": more.pop("intent", None) or self.intent(), "key": key, "text": "HC1:X", "signature": b"s",
            "event": self.event, "signed_at": AT,
        }  # fmt: skip
        return m.Signature.objects.create(**given | more)

    def by(self, name: str) -> dict[str, Any]:
        """Who did it, why told and when, under the names of a table's columns."""
        return {"event": self.event, f"{name}_by": self.office.operator, f"{name}_at": AT}

    def authority(self, **more: Any) -> m.Authority:
        given = {"certificate": b"", "name": "A", "not_before": AT, "not_after": AT + DAY, "created_at": AT}
        return m.Authority.objects.create(**given | more)

    def key(self, **more: Any) -> m.SignerKey:
        given = {
            "kid": b"12345678", "authority": self.office.authority, "certificate": b"", "algorithm": "ES256",
            "not_before": AT, "not_after": AT + 700 * DAY, "created_at": AT,
        }  # fmt: skip
        return m.SignerKey.objects.create(**given | more)

    def published(self, **more: Any) -> m.SignerKey:
        given = {"published_at": AT, "use_from": AT + 7 * DAY, "use_until": AT + 180 * DAY}
        return self.key(**given | more)

    def private(self, **more: Any) -> m.PrivateKey:
        return m.PrivateKey.objects.create(key=self.key(), **more)

    def stop(self, **more: Any) -> m.Stop:
        given = {"reason": "drill", "stopped_by": self.office.operator, "stopped_at": AT}
        return m.Stop.objects.create(**given | more)

    def order(self, **more: Any) -> m.RevocationOrder:
        given = {"scope": "one", "reason": "fraud", "certificates": 1} | self.by("ordered")
        return m.RevocationOrder.objects.create(**given | more)

    def publication(self, **more: Any) -> m.Publication:
        key = m.SignerKey.objects.earliest("pk")
        given = {
            "kind": "trust",
            "made_at": AT,
            "next_at": AT + DAY,
            "entries": 0,
            "content": b"",
            "key": key,
        }
        return m.Publication.objects.create(**given | more)


def twice(make: Callable[..., Any], **same: Any) -> None:
    make(**same)
    make(**same)


def paired(**changed: str) -> dict[str, Any]:
    return {"facts": facts_json(DOSE) | changed}


def place_order(made: Made, **more: Any) -> None:
    given = {"place": made.office.site, "starts_on": YESTERDAY, "ends_on": YESTERDAY + DAY}
    made.order(scope="place", **given | more)


def own_successor(made: Made) -> None:
    intent = made.intent()
    made.intent(record=intent.record, uvci="x", pk=77, replaces_id=77)


def two_successors(made: Made) -> None:
    first = made.intent()
    for uvci in ("second", "third"):
        made.intent(record=first.record, uvci=uvci, replaces=first, first_of_record=False)


def signed_after(made: Made, table: type[Model], **given: Any) -> None:
    """A signature although something speaks against it."""
    intent = made.intent()
    links = {"record": intent.record} if table is m.Withdrawal else {"intent": intent}
    table._default_manager.create(**links, **given)
    made.signature(intent=intent)


def by_another_kind(made: Made) -> None:
    made.signature(key=made.office.key_in_use(uses=["t"]))


def by_a_list_key(made: Made) -> None:
    made.signature(key=made.office.key_in_use(purpose="lists"))


def by_a_lost_key(made: Made) -> None:
    key = m.SignerKey.objects.get()
    m.Compromise.objects.create(key=key, reason="lost", **made.by("declared"))
    made.signature(key=key)


def while_stopped(made: Made) -> None:
    made.stop()
    made.signature()


def ends_after_its_key(made: Made) -> None:
    ends = m.SignerKey.objects.get().not_after + DAY
    made.signature(intent=made.intent(issued_at=ends - 30 * DAY, expires_at=ends))


def second_chain(d: Made) -> None:
    """Asked for by itself, and once more in place of a certificate on the record that it corrects."""
    of_the_wrong_record, corrected = d.intent(), d.record(reference="corrected")
    d.intent(record=corrected, uvci="by itself")
    d.intent(record=corrected, uvci="in place", replaces=of_the_wrong_record)


def successor_elsewhere(d: Made) -> None:
    """A second certificate on a record that passes itself off as the next of its chain."""
    other, record = d.intent(), d.record(reference="other")
    d.intent(record=record, uvci="first")
    d.intent(record=record, uvci="second", replaces=other, first_of_record=False)


VIOLATIONS: list[tuple[str, Callable[[Made], Any]]] = [
    ("record_once_a_source", lambda d: twice(d.record)),
    ("record_of_a_known_kind", lambda d: d.record(kind="x")),
    ("record_says_where_it_comes_from", lambda d: d.record(source="")),
    ("record_says_where_it_comes_from", lambda d: d.record(reference="")),
    ("record_product_of_its_maker", lambda d: d.record(**paired(manufacturer="ORG-100001699"))),
    ("record_product_of_its_maker", lambda d: d.record(**paired(vaccine="J07BX03"))),
    ("record_product_of_its_maker", lambda d: d.record(facts={})),
    ("record_product_of_its_maker", lambda d: d.record(facts=None)),
    (
        "withdrawal_for_a_reason",
        lambda d: m.Withdrawal.objects.create(record=d.record(), **d.by("withdrawn")),
    ),
    ("issuer_intent_uvci", lambda d: [d.intent(uvci="same") for _ in range(2)]),
    (
        "intent_first_once_a_record",
        lambda d: [d.intent(record=r, uvci=u) for r in [d.record()] for u in "ab"],
    ),
    ("intent_first_once_a_record", second_chain),
    ("intent_first_or_replaces_one", lambda d: d.intent(first_of_record=False)),
    ("intent_replaces_one_of_its_record", successor_elsewhere),
    ("intent_validity_forward", lambda d: d.intent(expires_at=AT)),
    ("intent_valid_for_a_year_at_most", lambda d: d.intent(expires_at=AT + 365 * DAY + timedelta(seconds=1))),
    ("intent_digest_of_its_payload", lambda d: d.intent(digest=bytes(32))),
    ("intent_not_its_own_successor", own_successor),
    ("issuer_intent_replaces_id", two_successors),
    ("signature_is_an_hc1_text", lambda d: d.signature(text="HC2:X")),
    ("issuer_signature_pkey", lambda d: twice(d.signature, intent=d.intent())),
    ("signature_ends_with_its_key", ends_after_its_key),
    ("signature_by_a_key_for_its_kind", by_another_kind),
    ("signature_by_a_key_for_its_kind", by_a_list_key),
    ("signature_by_a_key_in_use", by_a_lost_key),
    ("signature_by_a_key_in_use", lambda d: d.signature(key=d.key())),
    ("signature_by_a_key_in_use", lambda d: d.signature(key=d.published())),
    ("signature_by_a_key_in_use", lambda d: d.signature(signed_at=AT + 300 * DAY)),
    (
        "signature_on_a_record_that_holds",
        lambda d: signed_after(d, m.Withdrawal, reason="x", **d.by("withdrawn")),
    ),
    (
        "signature_of_an_open_intent",
        lambda d: signed_after(d, m.Revocation, order=d.order(), event=d.event, revoked_at=AT),
    ),
    (
        "signature_of_an_open_intent",
        lambda d: signed_after(d, m.Unsigned, code="x", event=d.event, decided_at=AT),
    ),
    ("signature_while_not_stopped", while_stopped),
    (
        "unsigned_for_a_reason",
        lambda d: m.Unsigned.objects.create(intent=d.intent(), event=d.event, decided_at=AT),
    ),
    ("authority_period_forward", lambda d: d.authority(not_after=AT)),
    ("key_period_forward", lambda d: d.key(not_after=AT)),
    ("key_algorithm_known", lambda d: d.key(algorithm="HS256")),
    ("key_purpose_known", lambda d: d.key(purpose="all")),
    ("key_uses_known", lambda d: d.key(uses=["v", "x"])),
    ("key_published_with_its_dates", lambda d: d.key(published_at=AT)),
    ("key_published_with_its_dates", lambda d: d.key(use_from=AT, use_until=AT)),
    ("key_published_before_use", lambda d: d.published(use_from=AT + 6 * DAY)),
    ("key_used_within_its_certificate", lambda d: d.published(use_until=AT + 701 * DAY)),
    ("key_used_within_its_certificate", lambda d: d.published(use_until=AT)),
    ("private_key_sealed_or_in_a_token", lambda d: d.private()),
    ("private_key_sealed_or_in_a_token", lambda d: d.private(sealed=b"x", token_label="y")),
    ("compromise_for_a_reason", lambda d: m.Compromise.objects.create(key=d.key(), **d.by("declared"))),
    ("stop_for_a_reason", lambda d: d.stop(reason="")),
    ("stop_one_in_force", lambda d: twice(d.stop)),
    ("stop_resumed_by_somebody", lambda d: d.stop(resumed_at=AT)),
    ("stop_resumed_by_somebody", lambda d: d.stop(resumed_by=d.office.colleague)),
    ("stop_resumed_by_somebody", lambda d: d.stop(resumed_at=AT - DAY, resumed_by=d.office.colleague)),
    ("stop_resumed_by_another", lambda d: d.stop(resumed_at=AT, resumed_by=d.office.operator)),
    ("revocation_order_known", lambda d: d.order(reason="bad mood")),
    ("revocation_order_known", lambda d: d.order(scope="all")),
    ("revocation_of_a_lot_names_it", lambda d: d.order(scope="lot")),
    ("revocation_of_a_lot_names_it", lambda d: d.order(scope="one", lot="L")),
    ("revocation_of_a_place_names_its_days", lambda d: place_order(d, place=None)),
    ("revocation_of_a_place_names_its_days", lambda d: place_order(d, ends_on=YESTERDAY)),
    ("publication_period_forward", lambda d: d.publication(next_at=AT)),
    ("publication_of_a_known_kind", lambda d: d.publication(kind="news")),
    ("publication_once", lambda d: twice(d.publication)),
]


@pytest.mark.parametrize(
    ("name", "violate"), VIOLATIONS, ids=[f"{n}-{i}" for i, (n, _) in enumerate(VIOLATIONS)]
)
def test_the_database_refuses_what_the_rules_refuse(
    name: str, violate: Callable[[Made], Any], made: Made
) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        violate(made)
    assert name in str(refused.value) or "facts" in str(refused.value)


def test_what_the_rules_allow_the_database_allows(made: Made) -> None:
    for number, (vaccine, product, manufacturer) in enumerate(PAIRS):
        names = {"vaccine": vaccine, "product": product, "manufacturer": manufacturer}
        made.record(reference=f"pair {number}", **paired(**names))
    made.signature()
    made.signature(intent=made.intent(expires_at=AT + 365 * DAY))
    place_order(made)
    made.order(scope="lot", lot="L")
    made.stop(resumed_at=AT, resumed_by=made.office.colleague)
    made.published()
    made.publication()


KEPT = ("Record", "Intent", "Signature", "SignerKey", "PrivateKey", "Authority", "Stop")


@pytest.mark.parametrize("table", KEPT)
def test_what_is_written_is_neither_changed_nor_deleted(made: Made, table: str) -> None:
    made.signature()
    made.stop(resumed_at=AT, resumed_by=made.office.colleague)
    name = getattr(m, table)._meta.db_table
    column = getattr(m, table)._meta.pk.column
    for statement in (f"DELETE FROM {name}", f"UPDATE {name} SET {column} = {column} + 1000"):  # noqa: S608
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_of_a_key_only_an_earlier_end_is_taken(made: Made) -> None:
    key = made.published()
    rows = m.SignerKey.objects.filter(pk=key.pk)
    for change in (
        {"use_until": AT + 190 * DAY},
        {"use_from": AT + 8 * DAY},
        {"published_at": AT - DAY},
        {"uses": ["v"]},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)
    assert rows.update(use_until=AT + 100 * DAY) == 1
