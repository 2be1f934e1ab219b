"""What a posting may see in tracing: residents of its area, and what was handed over to it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.errors import Refusal
from lachan.core.models import Area, Person, Posting
from lachan.systems.tracing.models import Case, Contact, CrowdNotice, HandOver, HandOverContact

LIVING = ("home_area__parent__parent",)
OPEN = Q(accepted__isnull=True) | Q(accepted=True)


class CaseNotVisible(Refusal):
    """The same answer for "no such case" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("case-not-visible", _("There is no case here that your posting may see."))


class ContactNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__("contact-not-visible", _("There is no contact here that your posting may see."))


class HandOverNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__("handover-not-visible", _("There is no hand-over here that your posting may see."))


class NoticeNotVisible(Refusal):
    status = 404

    def __init__(self) -> None:
        super().__init__("notice-not-visible", _("There is no notice here that your posting may see."))


def _area(posting: Posting) -> Area | None:
    """The posting's area; of one at a place: its area."""
    return posting.area or (posting.place.area if posting.place else None)


def inside(posting: Posting, lookup: str) -> Q:
    """Rows whose area (`lookup` leads to it) is the posting's. Without one nothing matches."""
    area = _area(posting)
    return areas.inside(lookup, area) if area and area.path else Q(pk__in=[])


def is_resident(posting: Posting, person: Person) -> bool:
    """Whether this person lives where the posting works: only then are they shown by name in others' pages."""
    area = _area(posting)
    return area is not None and person.home_area is not None and areas.holds(area, person.home_area)


def _received(posting: Posting) -> QuerySet[HandOver]:
    return HandOver.objects.filter(OPEN & inside(posting, "to_area__"))


def cases(posting: Posting) -> QuerySet[Case]:
    """Cases of residents, and those handed over; each person once, whatever was merged."""
    mine = inside(posting, "root__home_area__") | Q(handovers__in=_received(posting))
    found = Case.objects.filter(pk__in=Case.objects.filter(mine).values("pk"), joined_to__isnull=True)
    return found.select_related("root__home_area__parent__parent")


def contacts(posting: Posting) -> QuerySet[Contact]:
    """Contacts who live here, and those handed over, alone or with their case."""
    mine = inside(posting, "person__home_area__") | _handed(posting)
    return Contact.objects.filter(mine).select_related(
        "person__home_area__parent__parent", "tracer", "source"
    )


def _handed(posting: Posting) -> Q:
    """Of contacts: those named in a hand-over, and those of a case that was handed over, also if found later."""
    received = _received(posting)
    named = HandOverContact.objects.filter(handover__in=received).values("contact")
    with_case = received.filter(case__isnull=False).values("case__root")
    return Q(pk__in=named) | Q(source__in=with_case)


def handovers(posting: Posting) -> QuerySet[HandOver]:
    """Sent from here or to here, newest first."""
    mine = inside(posting, "to_area__") | inside(posting, "from_area__")
    related = ("from_area", "to_area", "case__root", "sent_by", "acknowledged_by", "decided_by")
    return HandOver.objects.filter(mine).select_related(*related).order_by("-sent_at", "-pk")


def notices(posting: Posting) -> QuerySet[CrowdNotice]:
    """Notices about places in the posting's area, newest first."""
    here = CrowdNotice.objects.filter(inside(posting, "place__area__"))
    return here.select_related("place__area__parent__parent", "case").order_by("-from_at", "-pk")


def case_for(posting: Posting, number: int) -> Case:
    """Raises CaseNotVisible."""
    found = cases(posting).filter(pk=number).first()
    if found is None:
        raise CaseNotVisible
    return found


def case_of_person(posting: Posting, person: Person) -> Case:
    """The newest case of a person. Raises CaseNotVisible."""
    found = cases(posting).filter(root=person).order_by("-opened_at", "-pk").first()
    if found is None:
        raise CaseNotVisible
    return found


def contact_for(posting: Posting, number: int) -> Contact:
    """Raises ContactNotVisible."""
    found = contacts(posting).filter(pk=number).first()
    if found is None:
        raise ContactNotVisible
    return found


def handover_for(posting: Posting, number: int, *, received: bool) -> HandOver:
    """One that was sent here, or any that touches the area. Raises HandOverNotVisible."""
    found = handovers(posting).filter(pk=number)
    if received:
        found = found.filter(inside(posting, "to_area__"))
    one = found.first()
    if one is None:
        raise HandOverNotVisible
    return one


def notice_for(posting: Posting, number: int) -> CrowdNotice:
    """Raises NoticeNotVisible."""
    found = notices(posting).filter(pk=number).first()
    if found is None:
        raise NoticeNotVisible
    return found


def reach(posting: Posting) -> QuerySet[Person, int]:
    """Ids of people who live elsewhere and were handed over to the posting's area (and not declined)."""
    received = _received(posting)
    ill = received.filter(case__isnull=False).values("case__root")
    named = Contact.objects.filter(_handed(posting)).values("person")
    return Person.objects.filter(Q(pk__in=ill) | Q(pk__in=named)).values_list("pk", flat=True)
