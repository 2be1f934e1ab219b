"""Taking a declaration, and correcting one by another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import access, actors, clock, persons
from lachan.core.codes import new_code
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import DeclarationMade, DiaryReported, Event, SymptomsDeclared
from lachan.core.models import Actor, IdentifierKind, Person
from lachan.core.names import search_key
from lachan.core.persons import Identity
from lachan.core.sealed import seal
from lachan.platform import citizens, policies
from lachan.platform.otp import VerifiedPhone
from lachan.policy.signs import SignsPolicy
from lachan.systems.declarations.models import Declaration, Diary, Provenance
from lachan.systems.declarations.models.declarations import CALL_PHONE
from lachan.systems.declarations.rules import questionnaire as forms
from lachan.systems.declarations.rules.answers import (
    Answers,
    BadAnswers,
    checked,
    facts,
    has_contact,
    symptoms,
)
from lachan.systems.declarations.rules.triage import Triage, triage

OLDEST = timedelta(days=60)
AHEAD = timedelta(minutes=5)
CORRECTABLE = timedelta(days=7)


class CannotDeclare(Refusal):
    """answers-wrong (`problems` by question), declared-too-early, declared-in-future, already-corrected,
    too-late-to-correct."""

    status = 422

    def __init__(self, code: str, message: Any, problems: Mapping[str, str] | None = None) -> None:
        super().__init__(code, message)
        self.problems = dict(problems or {})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """How a declaration came. `shown` is a telephone whose code was typed; `phone` is only whom to call back."""

    channel: str = "web"
    provenance: str = Provenance.ONESELF
    declared_by: str = ""
    phone: str = ""
    shown: VerifiedPhone | None = None
    actor: Actor | None = None


def submit_declaration(
    *, form: str, about: Identity | Person, given: Mapping[str, object], key: UUID, sender: Sender,
    made_at: datetime, at: datetime, diary: Diary | None = None,
) -> Declaration:  # fmt: skip
    """Keep answers with what follows from them, and tell it. The same `key` again is the declaration of before.

    Raises CannotDeclare, BadName. Names, birth dates and numbers open nothing: whoever declares gets a record of their
    own, unless the telephone that was shown is noted for a record of this name and year of birth.
    """
    return _once(key, lambda: _submitted(form, about, given, key, sender, made_at, at, diary))


def correct_declaration(
    *, declaration: Declaration, given: Mapping[str, object], key: UUID, at: datetime
) -> Declaration:
    """Replace the answers by others; both stay. Raises CannotDeclare."""

    def run() -> Declaration:
        if at - declaration.made_at > CORRECTABLE:
            raise CannotDeclare(
                "too-late-to-correct", _("This declaration is more than a week old. Make a new one.")
            )
        if Declaration.objects.select_for_update().filter(corrects=declaration).exists():
            raise CannotDeclare("already-corrected", _("This declaration was corrected before."))
        shown = {name: getattr(declaration, name) for name in KEPT_ON_CORRECTION}
        return _kept(declaration.form, declaration.person, given, shown | {"key": key}, at, at, declaration)

    return _once(key, run)


KEPT_ON_CORRECTION = (
    "channel", "provenance", "declared_by", "sealed_phone", "phone_shown", "diary", "area", "recorded_by",
)  # fmt: skip


def _once(key: UUID, run: Any) -> Declaration:
    """One key, one declaration: of two at once the second finds the first's."""
    with transaction.atomic():
        if known := Declaration.objects.filter(key=key).first():
            return known
        try:
            with transaction.atomic():
                made: Declaration = run()
        except IntegrityError as error:
            known = Declaration.objects.filter(key=key).first()
            if known is not None:
                return known
            if "corrects" in str(error):
                raise CannotDeclare(
                    "already-corrected", _("This declaration was corrected before.")
                ) from error
            raise
        return made


def _submitted(
    form: str, about: Identity | Person, given: Mapping[str, object], key: UUID, sender: Sender, made_at: datetime,
    at: datetime, diary: Diary | None,
) -> Declaration:  # fmt: skip
    _check_time(made_at, at)
    checked_answers(form, given, made_at)
    person = _person(about, sender, at)
    phone = sender.shown.phone if sender.shown else sender.phone
    facts_of_row = {
        "key": key, "channel": sender.channel, "provenance": sender.provenance, "declared_by": sender.declared_by,
        "sealed_phone": seal(CALL_PHONE, phone) if phone else None, "phone_shown": sender.shown is not None,
        "diary": diary, "area": person.home_area, "recorded_by": sender.actor or _actor(person, sender, at),
    }  # fmt: skip
    return _kept(form, person, given, facts_of_row, made_at, at, None)


def _check_time(made_at: datetime, at: datetime) -> None:
    if made_at > at + AHEAD:
        raise CannotDeclare("declared-in-future", _("The declaration is dated in the future."))
    if made_at < at - OLDEST:
        raise CannotDeclare("declared-too-early", _("The declaration is more than 60 days old."))


def checked_answers(form: str, given: Mapping[str, object], made_at: datetime) -> tuple[Triage, Answers]:
    """What follows from these answers, and how they are kept. Raises CannotDeclare."""
    asked = forms.on(form, clock.local_date(made_at))
    try:
        answers = checked(asked, given)
    except BadAnswers as error:
        raise CannotDeclare(
            "answers-wrong", _("An answer is missing or cannot be taken."), error.problems
        ) from error
    return triage(asked, facts(asked, answers, _limits(made_at))), answers


def _limits(at: datetime) -> SignsPolicy:
    return policies.at(clock.local_date(at)).signs


def _kept(
    form: str, person: Person, given: Mapping[str, object], row: Mapping[str, Any], made_at: datetime, at: datetime,
    corrects: Declaration | None,
) -> Declaration:  # fmt: skip
    found, answers = checked_answers(form, given, made_at)
    told = facts(found.form, answers, _limits(made_at))
    root = persons.roots_locked([person.pk])[person.pk]
    made = Declaration.objects.create(
        **row, code=new_code(), person_id=root, form=form, form_version=found.form.version, answers=answers,
        symptoms=list(symptoms(found.form, told)), contact=has_contact(found.form, told), outcome=found.rank,
        rule=found.rule_code, corrects=corrects, made_at=min(made_at, at), recorded_at=at,
    )  # fmt: skip
    emit(_told(made, found), actor=made.recorded_by)
    return made


def _told(made: Declaration, found: Triage) -> list[Event]:
    """Symptoms are told only where there are some: a declaration without any clears nobody."""
    envelope: dict[str, Any] = {
        "person_id": made.person_id, "happened_at": made.made_at, "ref": f"declarations.declaration:{made.pk}",
    }  # fmt: skip
    declared = DeclarationMade(
        declaration_id=made.pk, form=made.form, form_version=made.form_version, declared_outcome=found.outcome,
        rule=made.rule, channel=made.channel, corrects_id=made.corrects_id, **envelope,  # type: ignore[arg-type]
    )  # fmt: skip
    told: list[Event] = [declared]
    if made.diary:
        told.append(_reported(made, made.diary, declared, envelope))
    if made.symptoms:
        told.append(SymptomsDeclared(symptoms=tuple(made.symptoms), caused_by=declared.id, **envelope))
    return told


def _reported(made: Declaration, diary: Diary, declared: Event, envelope: dict[str, Any]) -> DiaryReported:
    return DiaryReported(
        order_id=diary.order_number, declaration_id=made.pk, felt=tuple(made.symptoms),
        temperature=made.answers.get("temperature"), caused_by=declared.id, **envelope,
    )  # fmt: skip


def _person(about: Identity | Person, sender: Sender, at: datetime) -> Person:
    if isinstance(about, Person):
        return about
    if sender.shown and (known := _of_phone(about, sender.shown)):
        return known
    numbers = dict(about.identifiers or {})
    if sender.shown and sender.provenance == Provenance.ONESELF:
        numbers[IdentifierKind.PHONE] = sender.shown.phone
    fresh = Identity(
        name=about.name, birth=about.birth, sex=about.sex, home_area=about.home_area, address=about.address,
        identifiers=numbers,
    )  # fmt: skip
    return persons.register(fresh, actor=sender.actor or actors.system(at=at), at=at)


def _of_phone(about: Identity, shown: VerifiedPhone) -> Person | None:
    """The record of this name and year of birth that has the telephone; only its holder gets here."""
    year = about.birth.year if about.birth else None
    sharing = access.of_phone(shown.index).filter(search_key=search_key(about.name))
    return sharing.filter(birth_year=year).first()


def _actor(person: Person, sender: Sender, at: datetime) -> Actor:
    if sender.provenance != Provenance.ONESELF:
        return actors.system(at=at)
    return citizens.actor_of(person, at=at)
