"""`lachan staff`: the first accounts of an installation, and what to do when nobody can sign in any more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from lachan.site.cli.running import console, print_rows, ready

if TYPE_CHECKING:
    from lachan.core.models import Actor, Area, Place, Posting

DAY = click.DateTime(formats=["%Y-%m-%d", "%d/%m/%Y"])


@click.group()
def staff() -> None:
    """Open accounts, list them, end postings, hand out the way to a password.

    Whoever works here has the database in hand, so that no second administrator is asked; each step is written down as
    done by the system.

    \b
    Example: lachan staff add an.tran --name "Trần Thị An" --role administrator --area 48
    """


@staff.command()
@click.argument("username")
@click.option("--name", required=True, help="Full name.")
@click.option("--role", required=True, help="For example administrator, health_officer, lab_verifier.")
@click.option("--area", metavar="CODE", help="Code of the area; 0 for the whole country.")
@click.option("--place", metavar="CODE", help="Code of the laboratory, site or gate, from its poster.")
@click.option("--until", type=DAY, help="Last day of the posting.")
def add(
    username: str, name: str, role: str, area: str | None, place: str | None, until: datetime | None
) -> None:
    """Open an account with a posting, and print the way to a password. Of an account that exists: add the posting.

    \b
    Example: lachan staff add an.tran --name "Trần Thị An" --role health_officer --area 48
             lachan staff add lan.le --name "Lê Lan" --role lab_verifier --place 7K3M0Q9ZAB12CD34X --until 2027-06-30
    """
    _begin()
    from django.db import transaction

    from lachan.core import clock
    from lachan.core.errors import Refusal
    from lachan.core.models import Role

    if role not in Role.values:
        raise click.BadParameter(f"one of {', '.join(Role.values)}", param_hint="--role")
    try:
        with transaction.atomic():
            _add(username, name, role, _area(area), _place(place), until, clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    console.print(f"[green]✓[/green] {username} works as {role}.")


@staff.command("list")
@click.option("--all", "everybody", is_flag=True, help="Closed accounts and ended postings too.")
def list_(everybody: bool) -> None:
    """Show accounts with their postings.

    \b
    Example: lachan staff list
             lachan staff list --all
    """
    _begin()
    from lachan.core.models import Actor, ActorKind

    names = ("Signs in as", "Name", "Posting", "From", "Until", "Last sign-in")
    found = Actor.objects.filter(kind=ActorKind.STAFF, user__isnull=False).select_related("user")
    shown = (found if everybody else found.filter(revoked_at__isnull=True)).order_by("user__username")
    print_rows(names, [line for actor in shown for line in _lines(actor, everybody=everybody)])


@staff.command()
@click.argument("username")
@click.option("--posting", type=int, help="Only the posting with this number (see lachan staff list).")
def end(username: str, posting: int | None) -> None:
    """Close an account at once, with all its postings; or end one posting.

    \b
    Example: lachan staff end an.tran
             lachan staff end an.tran --posting 12
    """
    _begin()
    from lachan.core import actors, clock
    from lachan.core.errors import Refusal
    from lachan.platform.staff import commands

    at, member = clock.now(), _member(username)
    try:
        if posting is None:
            commands.close_account(member=member, actor=actors.system(at=at), at=at)
        else:
            commands.end_posting(posting=_posting(member, posting), actor=actors.system(at=at), at=at)
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal
    console.print(f"[green]✓[/green] {username} {'closed' if posting is None else 'no longer holds it'}.")


@staff.command()
@click.argument("username")
def password(username: str) -> None:
    """Print a link with which the person sets a password of their own, once, within three days.

    \b
    Example: lachan staff password an.tran
    """
    _begin()
    from lachan.core import clock
    from lachan.core.errors import Refusal

    try:
        _print_link(_member(username), clock.now())
    except Refusal as refusal:
        raise click.ClickException(str(refusal.message)) from refusal


def _begin() -> None:
    """Database and Django, and words in English, as everywhere on the command line."""
    ready()
    from django.utils import translation

    translation.activate("en")


def _add(
    username: str,
    name: str,
    role: str,
    area: Area | None,
    place: Place | None,
    until: datetime | None,
    at: datetime,
) -> None:
    from datetime import timedelta

    from lachan.core import actors, clock
    from lachan.core.models import Actor
    from lachan.platform.staff import commands

    ends_at = clock.day_start(until.date() + timedelta(days=1)) if until else None
    wanted = commands.Wanted(role=role, area=area, place=place, starts_at=at, ends_at=ends_at)
    known = Actor.objects.filter(user__username=username).first()
    system = actors.system(at=at)
    member = known or commands.enrol(username=username, name=name, actor=system, at=at)
    commands.give_posting(member=member, wanted=wanted, actor=system, at=at, alone=True)
    if known is None:
        _print_link(member, at)


def _print_link(member: Actor, at: datetime) -> None:
    from django.conf import settings

    from lachan.core import actors
    from lachan.platform.staff import commands

    path = commands.make_password_link(member=member, actor=actors.system(at=at), at=at, alone=True)
    host = f"https://{settings.ALLOWED_HOSTS[0]}" if settings.HTTPS else "http://127.0.0.1:8000"
    console.print(f"Way to a password, good once and for three days:\n{host}{path}", soft_wrap=True)


def _member(username: str) -> Actor:
    from lachan.core.models import Actor

    found = Actor.objects.filter(user__username=username).select_related("user").first()
    if found is None:
        raise click.ClickException(f"Nobody signs in as {username}. See: lachan staff list")
    return found


def _posting(member: Actor, number: int) -> Posting:
    found = member.postings.filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"Posting {number} is none of this account. See: lachan staff list")
    return found


def _area(code: str | None) -> Area | None:
    """The area with this code that exists today; where a province and a commune share it, the larger."""
    from lachan.core import areas, clock

    if code is None:
        return None
    today = areas.on(clock.local_date(clock.now()))
    wanted = today.filter(level=0) if code == "0" else today.filter(code=code)
    found = wanted.order_by("level").first()
    if found is None:
        raise click.BadParameter(f"no area has the code {code} today", param_hint="--area")
    return found


def _place(code: str | None) -> Place | None:
    from lachan.core.codes import BadCode, parse_code
    from lachan.core.models import Place

    try:
        found = Place.objects.filter(code=parse_code(code)).first() if code else None
    except BadCode as error:
        raise click.BadParameter(str(error.message), param_hint="--place") from error
    if code and found is None:
        raise click.BadParameter("no place has this code", param_hint="--place")
    return found


def _lines(actor: Actor, *, everybody: bool) -> list[tuple[str, ...]]:
    from lachan.core import clock

    user, at = actor.user, clock.now()
    name = user.get_username() if user else ""
    last = f"{user.last_login:%Y-%m-%d}" if user and user.last_login else "never"
    shown = [
        p
        for p in actor.postings.select_related("area", "place")
        if everybody or not p.ends_at or p.ends_at > at
    ]
    closed = " (closed)" if actor.revoked_at else ""
    return [
        (
            name, actor.name + closed, f"{p.pk}: {p.role}, {p.area or p.place}", f"{p.starts_at:%Y-%m-%d}",
            f"{p.ends_at:%Y-%m-%d}" if p.ends_at else "", last,
        )
        for p in shown
    ] or [(name, actor.name + closed, "none", "", "", last)]  # fmt: skip
