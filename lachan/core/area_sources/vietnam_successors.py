"""What became of the units of 2021 when the provinces merged and the districts ended on 1 July 2025."""

from collections import defaultdict
from collections.abc import Iterator

from lachan.core.area_sources.rows import SuccessorRow
from lachan.core.area_sources.vietnam_files import (
    conversion,
    merged_into,
    old_communes,
    query_2025,
    read_2021,
)


def vietnam_successors() -> Iterator[SuccessorRow]:
    """Yield what became of the units of 2021 on 1 July 2025. Raises AreasMissing.

    Provinces (2 digits), the five island districts without communes (3) and communes (5). A commune that was
    merged away between 2021 and 2025 follows the one that has its name as an alias, its share unknown; four
    are found by no alias and have no row.
    """
    wards, merged = _successors_of_old(), merged_into()
    yield from _province_successors()
    for code in (*_island_districts(), *read_2021("xa_phuong")):
        if code in wards:
            yield from wards[code]
        elif code in merged:
            yield from (SuccessorRow(code, row.new_code, None) for row in wards[merged[code].code])


def _island_districts() -> list[str]:
    return sorted(commune.code for commune in old_communes() if commune.code == commune.district)


def _successors_of_old() -> dict[str, list[SuccessorRow]]:
    """Old code -> its rows; of a divided commune the part that the package takes by default comes first."""
    new_codes = {
        (province, ward): code
        for province, ward, code in query_2025("SELECT provinceKey, wardKey, wardCode FROM admin_units")
    }
    old_codes = {commune.map_key: commune.code for commune in old_communes()}
    rows: defaultdict[str, list[SuccessorRow]] = defaultdict(list)
    for province, key, old_key, share in _converted_wards():
        code = old_codes[old_key]
        rows[code].append(SuccessorRow(code, new_codes[province, key], share))
    return rows


def _converted_wards() -> Iterator[tuple[str, str, str, float | None]]:
    for province, wards in conversion()["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for key, old_keys in wards.items():
            yield from ((province, key, old_key, 1.0) for old_key in old_keys)
    for province, divided in conversion()["DICT_PROVINCE_WARD_DIVIDED"].items():
        for old_key, parts in divided.items():
            for part in sorted(parts, key=lambda part: not part["isDefaultNewWard"]):
                yield province, part["newWardKey"], old_key, None


def _province_successors() -> Iterator[SuccessorRow]:
    new_codes = dict(query_2025("SELECT DISTINCT provinceKey, provinceCode FROM admin_units"))
    old_codes = dict(query_2025("SELECT DISTINCT provinceKey, provinceCode FROM admin_units_legacy"))
    for new_key, old_keys in conversion()["DICT_PROVINCE"].items():
        for old_key in old_keys:
            yield SuccessorRow(old_codes[old_key], new_codes[new_key], 1.0)
