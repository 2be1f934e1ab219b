"""A row of a passenger list as airlines, ships' agents and coach companies send it. Codes only; `words` has the
sentences. Names and dates of birth are read by the core."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal, TypeVar

from babel.core import get_global

from lachan.codecs.mrz.countries import CODES

DocumentKind = Literal["passport", "national_id"]
T = TypeVar("T")

COLUMNS: Final = {
    "name": ("name", "full name", "passenger name", "passenger", "họ tên", "họ và tên", "tên hành khách", "hành khách"),
    "surname": ("surname", "family name", "last name", "họ"),
    "given": ("given names", "given name", "first name", "tên", "tên đệm và tên"),
    "document": (
        "document", "document number", "document no", "doc no", "passport", "passport number", "passport no",
        "travel document", "số giấy tờ", "hộ chiếu", "số hộ chiếu", "giấy tờ", "số hộ chiếu/cccd", "cccd",
    ),
    "nationality": ("nationality", "citizenship", "country", "quốc tịch"),
    "birth": ("birth date", "date of birth", "birthdate", "dob", "birth", "ngày sinh", "năm sinh"),
    "sex": ("sex", "gender", "giới tính", "giới", "phái"),
    "seat": ("seat", "seat number", "seat no", "ghế", "số ghế", "chỗ ngồi"),
    "crew": ("crew", "crew member", "role", "tổ bay", "thuyền viên", "nhân viên", "vai trò"),
    "cabin": ("cabin", "zone", "section", "khoang"),
}  # fmt: skip
REQUIRED: Final = ("name", "document")
_SEXES: Final = {
    "": "", "m": "m", "male": "m", "nam": "m", "mr": "m", "f": "f", "female": "f", "nữ": "f", "nu": "f", "mrs": "f",
    "ms": "f", "x": "x", "other": "x", "khác": "x", "<": "x",
}  # fmt: skip
_CREW: Final = {
    "": False, "0": False, "no": False, "n": False, "không": False, "false": False, "pax": False, "passenger": False,
    "hành khách": False, "khách": False,
    "1": True, "yes": True, "y": True, "x": True, "có": True, "true": True, "crew": True, "tổ bay": True,
    "phi công": True, "tiếp viên": True, "thuyền viên": True, "lái xe": True, "pilot": True, "purser": True,
    "driver": True,
}  # fmt: skip
_DOCUMENT = re.compile(r"[A-Z0-9]{4,20}")
_NATIONAL_ID = re.compile(r"[0-9]{12}")
_NAMES: Final = {
    "viet nam": "VNM",
    "vietnam": "VNM",
    "germany": "DEU",
    "han quoc": "KOR",
    "trung quoc": "CHN",
}


class BadEntry(ValueError):
    """A cell of the row cannot be: `field` is ours, `code` one of document-empty, document-shape, nationality-unknown,
    sex-unknown, crew-unknown, cabin-shape, name-empty."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(f"{field}: {code}")
        self.field, self.code = field, code


@dataclass(frozen=True, slots=True)
class Entry:
    """Who is on the list, as far as pure reading goes; `birth` and `name` as they stand in the file."""

    name: str
    document_kind: DocumentKind
    document: str
    nationality: str
    birth: str
    sex: str
    seat: str
    crew: bool
    cabin: int | None


def columns_of(heading: Sequence[str]) -> dict[str, str]:
    """Our field -> the list's column; the first that fits counts, whatever its case, marks and signs between."""
    by_key = {_key(column): column for column in reversed(heading)}
    found = {
        field: next((by_key[_key(name)] for name in names if _key(name) in by_key), "")
        for field, names in COLUMNS.items()
    }
    return {field: column for field, column in found.items() if column}


def missing_columns(columns: Mapping[str, str]) -> list[str]:
    """The needed fields that no column gives; surname and given names are a name."""
    named = "name" in columns or "surname" in columns
    return [field for field in REQUIRED if field not in columns and not (field == "name" and named)]


def read_entry(cells: Mapping[str, str], columns: Mapping[str, str]) -> Entry:
    """Raises BadEntry for the first cell that cannot be."""
    told = {field: cells.get(column, "") for field, column in columns.items()}
    name = _name(told)
    nationality = _nationality(told.get("nationality", ""))
    kind, document = read_document(told.get("document", ""), nationality)
    return Entry(
        name=name, document_kind=kind, document=document, nationality=nationality, birth=told.get("birth", ""),
        sex=_coded("sex", told.get("sex", ""), _SEXES), seat="".join(told.get("seat", "").upper().split()),
        crew=_coded("crew", told.get("crew", ""), _CREW), cabin=_cabin(told.get("cabin", "")),
    )  # fmt: skip


def read_document(text: str, nationality: str) -> tuple[DocumentKind, str]:
    """Kind and number without spaces and signs, upper case. Twelve digits of a Vietnamese are the citizen ID."""
    number = "".join(c for c in unicodedata.normalize("NFKC", text).upper() if c not in " .-/\u00a0")
    if not number:
        raise BadEntry("document", "document-empty")
    if not _DOCUMENT.fullmatch(number) or not any(c.isdigit() for c in number):
        raise BadEntry("document", "document-shape")
    of_citizen = _NATIONAL_ID.fullmatch(number) and nationality in ("VNM", "")
    return ("national_id" if of_citizen else "passport"), number


def _name(told: Mapping[str, str]) -> str:
    """Airlines write SURNAME/GIVEN NAMES TITLE; a Vietnamese name begins with the family name."""
    name = told.get("name", "") or f"{told.get('surname', '')} {told.get('given', '')}"
    name = re.sub(r"\s+(MR|MRS|MS|MISS|MSTR|INF|CHD)$", "", " ".join(name.replace("/", " ").split()))
    if not name:
        raise BadEntry("name", "name-empty")
    return name


def _nationality(text: str) -> str:
    """ISO 3166-1 alpha-3, also from alpha-2 or a name; "" where the list says nothing."""
    key = text.strip()
    if not key:
        return ""
    code = _NAMES.get(_key(key)) or _by_two_letters().get(key.upper()) or key.upper()
    if code not in CODES:
        raise BadEntry("nationality", "nationality-unknown")
    return code


@cache
def _by_two_letters() -> dict[str, str]:
    aliases: Mapping[str, Sequence[str]] = get_global("territory_aliases")
    return {two[0]: three for three, two in aliases.items() if len(three) == 3 and three in CODES}


def _coded(field: str, text: str, codes: Mapping[str, T]) -> T:
    try:
        return codes[unicodedata.normalize("NFC", text).strip().lower()]
    except KeyError as error:
        raise BadEntry(field, f"{field}-unknown") from error


def _cabin(text: str) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", text):
        raise BadEntry("cabin", "cabin-shape")
    return int(text)


def _key(text: str) -> str:
    spread = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    return " ".join(
        "".join(c if c.isalnum() else " " for c in spread if not unicodedata.combining(c)).split()
    )
