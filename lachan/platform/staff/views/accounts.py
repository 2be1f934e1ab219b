"""The administrator's desk: accounts of the area, their postings, and what takes two."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Actor, Posting
from lachan.platform.pages import Answers, day_text
from lachan.platform.paging import page
from lachan.platform.screen import Badge, Column, Row
from lachan.platform.staff import commands, queries
from lachan.platform.staff.commands import Wanted
from lachan.platform.staff.forms import EnrolForm, LinkForm, PostingForm
from lachan.platform.staff.models import PostingRequest
from lachan.platform.staff.queries import Member
from lachan.platform.staff.rules import covers

_answers = Answers("staff")


@door(Permission.MANAGE_STAFF)
@require_safe
@never_cache
def members(request: DeskRequest) -> HttpResponse:
    """Accounts with a posting in the area, and postings that wait for a second administrator."""
    at = clock.now()
    shown = page(queries.members(request.posting), key=("name", "id"), cursor=request.GET.get("cursor"))
    lines = queries.with_postings(request.posting, shown.rows, at=at)
    columns = [Column(_("Name")), Column(_("Signs in as")), Column(_("Postings")), Column("")]
    context = {
        "columns": columns, "rows": [_row(m) for m in lines], "page": shown,
        "waiting": [(r, _may_decide(r, request.actor)) for r in queries.requests(request.posting)],
    }  # fmt: skip
    return render(request, "staff/members.html", context)


@door(Permission.MANAGE_STAFF)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enrol(request: DeskRequest) -> HttpResponse:
    """Open an account with its first posting; the way to a password is handed out on the next page."""
    at, form = clock.now(), EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted, given = form.wanted(at), form.cleaned_data
        try:
            _check_area(request.posting, wanted)
            member = commands.enrol_with_posting(
                username=given["username"], name=given["name"], wanted=wanted, actor=request.actor, at=at
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _answers.done(
                request, _("The account is open. Hand out the link to a password."), "member", member.pk
            )
    return render(request, "staff/enrol.html", {"form": form}, status=422 if form.errors else 200)


@door(Permission.MANAGE_STAFF)
@require_safe
@never_cache
def member(request: DeskRequest, number: int) -> HttpResponse:
    return _page(request, number, PostingForm())


def _page(request: DeskRequest, number: int, form: PostingForm, status: int = 200) -> HttpResponse:
    at = clock.now()
    found = queries.member_for(request.posting, number, at=at)
    context = {
        "member": found, "form": form, "link_form": LinkForm(), "own": found.actor.pk == request.actor.pk,
        "postings": [(p, _runs(p), p.ends_at is None or p.ends_at > at) for p in found.postings],
        "requests": queries.requests(request.posting).filter(member=found.actor),
        "closed": found.actor.revoked_at is not None,
    }  # fmt: skip
    return render(request, "staff/member.html", context, status=status)


@door(Permission.MANAGE_STAFF)
@require_POST
def give(request: DeskRequest, number: int) -> HttpResponse:
    """Another posting for a member; or the request for it, where it takes two."""
    at = clock.now()
    found = queries.member_for(request.posting, number, at=at)
    form = PostingForm(request.POST)
    if form.is_valid():
        wanted = form.wanted(at)
        try:
            _check_area(request.posting, wanted)
            made = commands.give_posting(member=found.actor, wanted=wanted, actor=request.actor, at=at)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            waits = isinstance(made, PostingRequest)
            said = _("Another administrator has to agree.") if waits else _("The posting is given.")
            return _answers.done(request, said, "member", number)
    return _page(request, number, form, status=422)


@door(Permission.MANAGE_STAFF)
@require_POST
def end(request: DeskRequest, number: int) -> HttpResponse:
    posting = queries.posting_for(request.posting, number)
    try:
        commands.end_posting(posting=posting, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return _answers.refused(request, refusal, "member", posting.actor_id)
    return _answers.done(request, _("The posting has ended."), "member", posting.actor_id)


@door(Permission.MANAGE_STAFF)
@require_POST
def decide(request: DeskRequest, number: int) -> HttpResponse:
    """The second administrator agrees, or does not."""
    asked = queries.request_for(request.posting, number)
    agreed = request.POST.get("answer") == "agree"
    try:
        commands.decide_posting(request=asked, agreed=agreed, actor=request.actor, at=clock.now())
    except Refusal as refusal:
        return _answers.refused(request, refusal, "members")
    said = _("The posting is given.") if agreed else _("The posting is not given.")
    return _answers.done(request, said, "members")


@door(Permission.MANAGE_STAFF)
@require_POST
def close(request: DeskRequest, number: int) -> HttpResponse:
    """Close an account all of whose postings are in the area."""
    at = clock.now()
    found = queries.member_for(request.posting, number, at=at)
    if found.elsewhere:
        raise PermissionDenied("postings elsewhere")
    try:
        commands.close_account(member=found.actor, actor=request.actor, at=at)
    except Refusal as refusal:
        return _answers.refused(request, refusal, "member", number)
    return _answers.done(request, _("The account is closed."), "member", number)


def _check_area(posting: Posting, wanted: Wanted) -> None:
    """Nobody gives what they do not have: the posting lies within the administrator's own area."""
    where = wanted.area or (wanted.place.area if wanted.place else None)
    if where is not None and not covers(queries.path_of(posting), where.path):
        raise commands.CannotPost("outside-area", _("This lies outside the area that you administrate."))


def _may_decide(asked: PostingRequest, actor: Actor) -> bool:
    return actor.pk not in (asked.asked_by_id, asked.member_id)


def _row(line: Member) -> Row:
    actor = line.actor
    held = ", ".join(str(p) for p in line.postings[:3])
    state = Badge(_("closed"), "stop") if actor.revoked_at else _signed(actor)
    url = reverse("staff:member", args=[actor.pk])
    return Row([actor.name, actor.user.get_username() if actor.user else "", held, state], url=url)


def _signed(actor: Actor) -> Badge | str:
    """Whether the account was ever used: a link that nobody followed should be seen."""
    user = actor.user
    if user is None or not user.has_usable_password():
        return Badge(_("no password yet"), "warn")
    return "" if user.last_login else Badge(_("never signed in"), "warn")


def _runs(posting: Posting) -> str:
    first = day_text(clock.local_date(posting.starts_at))
    if posting.ends_at is None:
        return _("from %(first)s") % {"first": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": day_text(clock.local_date(posting.ends_at))}
