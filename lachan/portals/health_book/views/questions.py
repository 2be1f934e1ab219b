"""The oversight desk: what people ask about looks at their records."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform.pages import see_other
from lachan.platform.paging import page as page_of
from lachan.platform.screen import Column, Row
from lachan.portals.health_book import queries
from lachan.portals.health_book.commands import explain_read
from lachan.portals.health_book.forms import AnswerForm
from lachan.portals.health_book.models import ReadQuestion


@door(Permission.ANSWER_READS)
@require_safe
@never_cache
def questions(request: DeskRequest) -> HttpResponse:
    """Questions of people whom the posting may see: open ones, the oldest first; answered ones when asked for."""
    answered = request.GET.get("state") == "answered"
    rows = queries.questions(request.posting).filter(answered_at__isnull=not answered)
    key = ("-asked_at", "-id") if answered else ("asked_at", "id")
    shown = page_of(rows, key=key, cursor=request.GET.get("cursor"))
    _note(request, shown.rows)
    columns = [Column(_("Asked")), Column(_("Person")), Column(_("What they ask"))]
    context = {"columns": columns, "rows": [_row(q) for q in shown.rows], "page": shown, "answered": answered}
    return render(request, "health_book/questions.html", context)


@door(Permission.ANSWER_READS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def question(request: DeskRequest, number: int) -> HttpResponse:
    """One question with the look that it is about; by POST, the answer."""
    asked = queries.question_for(request.posting, number)
    _note(request, [asked])
    form, status = AnswerForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer = form.cleaned_data["answer"]
                explain_read(question=asked, answer=answer, actor=request.actor, at=clock.now())
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(request, _("The person reads your answer in their health book."))
                return see_other(reverse("health_book:questions"))
    [look] = queries.looks([asked.read], reader=None)
    context = {"asked": asked, "look": look, "form": form, "code": format_code(_root_code(asked))}
    return render(request, "health_book/question.html", context, status=status)


def _row(asked: ReadQuestion) -> Row:
    when = f"{timezone.localtime(asked.asked_at):%H:%M %d/%m/%Y}"
    url = reverse("health_book:question", args=[asked.pk])
    return Row([when, format_code(_root_code(asked)), asked.text], url=url)


def _root_code(asked: ReadQuestion) -> str:
    return (asked.person.merged_into or asked.person).code


def _note(request: DeskRequest, asked: Sequence[ReadQuestion]) -> None:
    people = [q.person.root_id for q in asked]
    access.note_reads(people, request.posting, purpose=Purpose.CORRECTION, part="question", at=clock.now())
