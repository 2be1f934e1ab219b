"""Reactions: the list with its clocks, one of them with what was done, and writing one down."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.pages import answering, person_line
from lachan.platform.screen import Column, Row
from lachan.systems.vaccination import commands
from lachan.systems.vaccination import reaction_words as words
from lachan.systems.vaccination.models import Reaction
from lachan.systems.vaccination.queries import reactions as queries
from lachan.systems.vaccination.queries.corrections import as_it_stands
from lachan.systems.vaccination.queries.reactions import ReactionLine
from lachan.systems.vaccination.reaction_forms import ReactionForm, StepForm
from lachan.systems.vaccination.views.pieces import done, product_names


@door(Permission.VIEW_REACTIONS)
@require_safe
@answering
def reactions(request: DeskRequest) -> HttpResponse:
    """GET ?all=&cursor=: open reactions (or all), newest first."""
    at = clock.now()
    shown = queries.reactions if request.GET.get("all") else queries.open_reactions
    page = paging.page(shown(request.posting), key=("-told_at", "-pk"), cursor=request.GET.get("cursor"))
    access.note_reads(
        [r.person_id for r in page.rows], request.posting, purpose=Purpose.CARE, part="reactions", at=at
    )
    columns = [
        Column(_("Person")), Column(_("How bad")), Column(_("Signs")), Column(_("Vaccine and lot")), Column(_("Told")),
        Column(_("Waits")),
    ]  # fmt: skip
    names = product_names(at)
    context = {
        "columns": columns, "page": page,
        "rows": [_row(line, at, names) for line in queries.lines(page.rows, at=at)],
        "at": at, "all": bool(request.GET.get("all")),
        "may_report": access.may(request.posting, Permission.REPORT_REACTION),
    }  # fmt: skip
    return render(request, "vaccination/reactions.html", context)


def _row(line: ReactionLine, at: Any, names: Mapping[str, str]) -> Row:
    row, dose = line.reaction, as_it_stands(line.reaction.dose)
    late = line.clock is not None and line.clock.due_at <= at
    return Row(
        (person_line(row.person.merged_into or row.person), words.severity_badge(line.severity),
         words.listed([*line.criteria, *row.symptoms]), f"{names.get(dose.product, dose.product)} {dose.lot_number}",
         words.moment(row.told_at), words.waits(line.clock)),
        url=f"/vaccination/reactions/{row.pk}/", key=str(row.pk), late=late,
    )  # fmt: skip


@door(Permission.VIEW_REACTIONS)
@require_safe
@never_cache
@answering
def reaction(request: DeskRequest, number: int) -> HttpResponse:
    return _page(request, queries.reaction_for(request.posting, number))


def _page(request: DeskRequest, row: Reaction, *, status: int = 200, **forms: Any) -> HttpResponse:
    at = clock.now()
    access.note_reads([row.person_id], request.posting, purpose=Purpose.CARE, part="reaction", at=at)
    [line], dose = queries.lines([row], at=at), as_it_stands(row.dose)
    steps = [
        (s, words.STEP[s.kind], words.CAUSE.get(s.cause, ""), words.listed(s.criteria))
        for s in row.steps.select_related("done_by").order_by("done_at", "pk")
    ]
    context = {
        "row": row, "dose": dose, "line": line, "person": row.person.merged_into or row.person, "at": at,
        "steps": steps,
        "what": words.listed([*line.criteria, *row.symptoms]), "teller": words.TELLER[row.told_by],
        "badge": words.severity_badge(line.severity), "waits": words.waits(line.clock),
        "vaccine": product_names(at).get(dose.product, dose.product),
        "late": line.clock is not None and line.clock.due_at <= at,
        "may_judge": access.may(request.posting, Permission.JUDGE_REACTION) and not line.concluded,
        "may_hold": access.may(request.posting, Permission.HOLD_LOT) and dose.lot_id, "form": StepForm(), **forms,
    }  # fmt: skip
    return render(request, "vaccination/reaction.html", context, status=status)


@door(Permission.JUDGE_REACTION)
@require_POST
@answering
def step(request: DeskRequest, number: int) -> HttpResponse:
    """Write down what was done."""
    row, form = queries.reaction_for(request.posting, number), StepForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=422, form=form)
    try:
        commands.take_step(reaction=row, actor=request.actor, at=clock.now(), **form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, row, status=refusal.status, form=form)
    return done(request, _("Written down."), "reaction", row.pk)


@door(Permission.REPORT_REACTION)
@require_http_methods(["GET", "HEAD", "POST"])
@answering
def report(request: DeskRequest) -> HttpResponse:
    """Write down a reaction that somebody tells or has."""
    began = {"person": request.GET.get("person", "")[:40]}
    form, status, at = ReactionForm(request.POST or None, initial=began), 200, clock.now()
    if request.method == "POST":
        status = 422
        if form.is_valid():
            given = form.cleaned_data
            try:
                code = given.pop("person")
                who = access.presented(
                    request.posting, code=code, purpose=Purpose.CARE, part="reaction", at=at
                )
                row = commands.report_reaction(
                    person=who, place=request.posting.place, actor=request.actor, at=at, **given
                )
            except Refusal as refusal:
                form.refuse(refusal, "person" if refusal.status == 404 else None)
            else:
                if queries.reactions(request.posting).filter(pk=row.pk).exists():
                    return done(request, _("The reaction is written down."), "reaction", row.pk)
                return done(request, _("The reaction is written down."), "reactions")
    return render(request, "vaccination/report_reaction.html", {"form": form, "at": at}, status=status)
