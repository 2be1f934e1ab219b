"""Administrative units of another country."""

from collections import defaultdict
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from lachan.core import areas
from lachan.core.area_sources import AreaRow, RowError, read_csv
from lachan.core.models import Area
from lachan.platform.lists.report import Report
from lachan.platform.lists.rows import BadFile, BadRow, Record, Verdict


def import_areas(file: Path, report: Report, *, country: str) -> None:
    """All units in one transaction: a unit without its parent would be lost. Raises BadFile."""
    root = areas.country(country, country, country) if country != "VN" else areas.country()
    known = set(areas.within(root).values_list("code", "level", "valid_from"))
    others = Area.objects.exclude(path__startswith=root.path)
    taken_elsewhere = set(others.values_list("code", "level", "valid_from"))
    kept, told = list[AreaRow](), list[Verdict]()
    below: defaultdict[str, list[AreaRow]] = defaultdict(list)
    for number, row in enumerate(read_csv(file), start=2):
        if isinstance(row, RowError):
            told.append(_refused(number, row))
            continue
        record = Record(number, number, {})
        key = (row.code, row.level, row.valid_from)
        try:
            _check(row, key in taken_elsewhere, below)
        except BadRow as why:
            told.append(record.refused(why))
            continue
        kept.append(row)
        below[row.code].append(row)
        told.append(record.already(_("This unit is known.")) if key in known else record.taken())
    areas.load(kept, root=root)
    for verdict in told:
        report.add(verdict)


def _check(row: AreaRow, elsewhere: bool, above: dict[str, list[AreaRow]]) -> None:
    if elsewhere:
        sentence = _(
            "A unit of another country has this code, level and first day. Put the country's letters before the codes."
        )
        raise BadRow("code", "area-code-elsewhere", sentence)
    if row.parent_code and not any(p.can_hold(row) for p in above[row.parent_code]):
        raise BadRow("parent_code", "area-parent-refused", _("The unit that it belongs to was refused."))


def _refused(number: int, error: RowError) -> Verdict:
    if error.code == "area-column":
        raise BadFile("file-columns", f"{error.column}: {error.message}")
    return Record(number, error.number, {}).refused(BadRow(error.column, error.code, error.message))
