"""The figures of the campaign: a page for each area, and the same as files."""

import json
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lachan.core import areas, clock
from lachan.core.doors import PUBLIC, door
from lachan.core.models import Area
from lachan.platform.exports.sheets import sheet
from lachan.platform.screen import Column, Row
from lachan.portals.public import words
from lachan.portals.public.figures import LEAST, Figures, Line, figures
from lachan.portals.public.forms import WhereForm
from lachan.systems.vaccination.rules.coverage import STEPS

HEADING = ("table", "key", "name", "residents", *STEPS)


@door(PUBLIC)
@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """GET ?area=: of an area that is looked for, else of the whole country."""
    form = WhereForm(request.GET if "area" in request.GET else None)
    where = form.cleaned_data["area"] if form.is_bound and form.is_valid() else areas.country()
    return _page(request, where, form)


@door(PUBLIC)
@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _unit(code), WhereForm())


def _unit(code: str) -> Area:
    """Of units that had the same code one after the other, the one of today. Raises Http404."""
    if "\x00" in code:
        raise Http404
    today = clock.local_date(clock.now())
    found = areas.on(today).filter(code=code).order_by("level").first()
    found = found or Area.objects.filter(code=code).order_by("-valid_from", "level").first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, where: Area, form: WhereForm) -> HttpResponse:
    found = figures(where, at=clock.now())
    context = {
        "found": found, "form": form, "where": areas.full_name(where) or where.name, "at": found.as_of, "least": LEAST,
        "columns": [Column(_("Age")), *_columns()], "rows": [_row(line) for line in found.by_age],
        "below_columns": [Column(_("Unit")), *_columns()],
        "below": [_row(line, url=f"/public/vaccination/{line.key}/") for line in found.below],
        "steps": [(words.STEP[s], found.all.people[s], found.all.share(s)) for s in STEPS], "above": where.parent,
    }  # fmt: skip
    return render(request, "public/figures.html", context, status=422 if form.errors else 200)


def _columns() -> list[Column]:
    return [Column(_("Residents"), numeric=True)] + [Column(words.STEP[step], numeric=True) for step in STEPS]


def _row(line: Line, url: str = "") -> Row:
    cells = [words.with_share(line.people[step], line.share(step)) for step in STEPS]
    return Row((line.name, words.number(line.residents), *cells), url=url, key=line.key, name=line.name)


@door(PUBLIC)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    """GET ?area=code: the tables of the page as one CSV; hidden counts are empty cells."""
    found = _asked(request)
    file = sheet("csv")
    body = file.add([HEADING, *_lines(found)]) + file.end()
    answer = HttpResponse(body, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="vaccination-{found.area.code}.csv"'
    return answer


@door(PUBLIC)
@require_safe
def as_json(request: HttpRequest) -> HttpResponse:
    """The same as JSON, with the day of counting and the least count that is shown."""
    found = _asked(request)
    rows = [dict(zip(HEADING, line, strict=True)) for line in _lines(found)]
    told = {
        "area": found.area.code, "as_of": found.as_of.isoformat(), "least": LEAST, "rows": rows,
        "residents_counted_on": found.counted_on.isoformat() if found.counted_on else None,
        "doses": {
            name: getattr(found.doses, name) for name in ("received", "given", "wasted", "on_hand")
        },
    }  # fmt: skip
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/json")


def _asked(request: HttpRequest) -> Figures:
    code = request.GET.get("area", "")
    return figures(_unit(code) if code else areas.country(), at=clock.now())


def _lines(found: Figures) -> Iterator[tuple[object, ...]]:
    for table, lines in (("all", [found.all]), ("age", found.by_age), ("unit", found.below)):
        for line in lines:
            yield table, line.key, line.name, line.residents, *(line.people[step] for step in STEPS)
