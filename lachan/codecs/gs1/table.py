"""The application identifiers of GS1: format, content and company, as data.

The facts are those of the GS1 Barcode Syntax Dictionary, release 2026-01-27; a row holds all identifiers that are
alike. Columns: identifiers (`[0-5]` a choice of digits), flags, parts, relations.
Flags: `*` predefined length, so no separator follows; `?` may stand in the query of a Digital Link.
Parts: N digits, X the 82 characters, Y the 39, Z base64url; `..` up to; `[...]` may be missing; then the checks.
Relations: `+a,b&c` needs a, or b with c; `-a` excludes a (`n` any digit, `self` others of the same measure);
`key` a primary key of Digital Links, with its qualifiers in order, alternatives apart by `|`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Final

_ROWS: Final = """
00 *? N18,csum,gcppos2 key
01 *? N14,csum,gcppos2 -255,37 key=22,10,21|235
02 *? N14,csum,gcppos2 -01,03 +37
03 * N14,csum,gcppos2 -01,02,37
10 ? X..20 +01,02,03,8006,8026
11,13,1[5-6] *? N6,yymmd0 +01,02,03,8006,8026
12 *? N6,yymmd0 +8020
17 *? N6,yymmd0 +01,02,03,255,8006,8026
20 *? N2 +01,02,8006,8026
21 . X..20 +01,03,8006 -235
22 . X..20 +01
235 . X..28 +01
24[0-1] ? X..30 +01,02,8006,8026
242 ? N..6 +01,02,8006,8026
243,71[0-7] ? X..20 +01
250 ? X..30 +01,8006 +21
251 ? X..30 +01,8006
253 ? N13,csum,gcppos1 [X..17] key
254 . X..20 +414
255 ? N13,csum,gcppos1 [N..12] key -01,02,415,8006,8020,8026
30 ? N..8 +01,02
31[0-6][0-5],32[0-9][0-5],35[0-267][0-5],36[014-6][0-5] *? N6 +01,02 -self
33[0-6][0-5],34[0-9][0-5],35[3-5][0-5],36[237-9][0-5] *? N6 +00,01 -self
337[0-5] *? N6 +01 -self
37 ? N..8 +00 +02,8026
390[0-9] ? N..15 +255,8020 -390n,391n,394n,8111
391[0-9] ? N3,iso4217 N..15 +8020 -self
392[0-9] ? N..15 +01 +30,31nn,32nn,35nn,36nn -392n,393n
393[0-9] ? N3,iso4217 N..15 +30,31nn,32nn,35nn,36nn -self
394[0-3] ? N4 +255 -394n,8111
395[0-5] ? N6 +30,31nn,32nn,35nn,36nn -392n,393n,395n,8005
400,90 ? X..30
401 ? X..30,gcppos1 key
402 ? N17,csum,gcppos1 key
403,4308,4319 ? X..30 +00
41[0-3],416 *? N13,csum,gcppos1
414 *? N13,csum,gcppos1 key=254|7040
415 *? N13,csum,gcppos1 +8020 key=8020
417 *? N13,csum,gcppos1 key=7040
420 ? X..20 -421
421 ? N3,iso3166 X..9 -4307
422 ? N3,iso3166 +01,02,8006,8026 -426
423,425 ? N3,iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 [N3],iso3166 +01,02 -426
424 ? N3,iso3166 +01,02 -426
426 ? N3,iso3166 +01,02
427 ? X..3 +01,02 +422
430[0-1],431[0-1],4320 ? X..35,pcenc +00
4302,430[4-6],4312,431[4-6] ? X..70,pcenc +00
4303 ? X..70,pcenc +4302
4307,4317 ? X2,iso3166alpha2 +00
4309 ? N10,latitude N10,longitude +00
4313 ? X..70,pcenc +4312
4318 ? X..20 +00
432[1-3] ? N1,yesno +00
432[4-5] ? N6,yymmd0 N4,hhmi +00
4326 ? N6,yymmdd +00
4330 ? N6 [X1],hyphen +00 -4331
4331 ? N6 [X1],hyphen +00 -4330
4332 ? N6 [X1],hyphen +00 -4333
4333 ? N6 [X1],hyphen +00 -4332
7001 ? N13 +01,02,8006,8026
7002 ? X..30 +01,02
7003 ? N6,yymmdd N4,hhmi +01,02
7004 ? N..4 +01&10
7005 ? X..12 +01,02
7006 ? N6,yymmdd +01,02
7007 ? N6,yymmdd [N6],yymmdd +01,02
7008 ? X..3 +01,02
7009 ? X..10 +01,02
7010 ? X..2 +01,02
7011 ? N6,yymmdd [N4],hhmi +01,02
7020 ? X..20 +01,8006 +416
7021,7240,8012 ? X..20 +01,8006
7022 ? X..20 +7021
7023 ? X..30,gcppos1
703[0-9] ? N3,iso3166999 X..27 +01,02
7040 . N1 X1 X1 X1,importeridx
7041 . X..4,packagetype +00
723[0-9] ? X2 X..28 +01,8004
7241 ? N2,mediatype +8017,8018
7242 ? X..25 +8017,8018
7250 ? N8,yyyymmdd +8018 -7251
7251 ? N8,yyyymmdd N4,hhmi +8018 -7250
7252 ? N1,iso5218 +8018
725[3-4] ? X..40,pcenc +8017,8018 -7256,7259
7255 ? X..10 +8017,8018 -7256,7259
7256 ? X..90,pcenc +8017,8018
7257 ? X..70,pcenc +8018
7258 ? X3,posinseqslash +8018&7259
7259 ? X..40,pcenc +8018 -7256
8001 ? N4,nonzero N5,nonzero N3,nonzero N1,winding N1 +01
8002 ? X..20
8003 ? N1,zero N13,csum,gcppos1 [X..16] key
8004 ? X..30,gcppos1 key=7040
8005 ? N6 +01,02
8006 ? N14,csum,gcppos2 N4,pieceoftotal -01,37 key=22,10,21
8007 ? X..34,iban +415
8008 ? N6,yymmdd N2,hh [N2],mi [N2],ss +01,02
8009 ? X..50 +00,01
8010 ? Y..30,gcppos1 key=8011
8011 . N..12,nozeroprefix +8010
8013 ? X..25,csumalpha,gcppos1 key
8014 . X..25,csumalpha,gcppos1,hasnondigit +01
8017 ? N18,csum,gcppos1 -8018 key=8019
8018 ? N18,csum,gcppos1 -8017 key=8019
8019 . N..10 +8017,8018
8020 . X..25 +415
8026 ? N14,csum,gcppos2 N4,pieceoftotal +37 -02,8006
8030 ? Z..90 +00,01&21,253,255,8003,8004,8006&21,8010&8011,8017,8018
8040 . N15 +01&21
8041 . N15 +01&21&8040
8042 . N32 +01&21&8040
8043 . N18 [N..2] +01&21&8040
8110 ? X..70,couponcode
8111 ? N4 +255
8112 ? X..70,couponposoffer
8200 . X..70 +01
9[1-9] ? X..90
"""

_PART: Final = re.compile(r"(\[?)([NXYZ])(\.\.)?([0-9]+)\]?(?:,(.+))?")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the value: kind of characters, least and most of them, and what is checked."""

    characters: str
    least: int
    most: int
    optional: bool
    checks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """What the value of an identifier looks like, and which company it wants and shuns.

    `required`: each group needs one of its alternatives, an alternative is identifiers together.
    `qualifiers`: None unless it is a primary key of Digital Links.
    """

    ai: str
    predefined: bool
    in_query: bool
    parts: tuple[Part, ...]
    required: tuple[tuple[tuple[str, ...], ...], ...]
    excluded: tuple[str, ...]
    qualifiers: tuple[tuple[str, ...], ...] | None


def _rules(row: str) -> Iterator[Rule]:
    identifiers, flags, *columns = row.split()
    parts = tuple(_part(match) for column in columns if (match := _PART.fullmatch(column)))
    required = tuple(
        tuple(tuple(choice.split("&")) for choice in column[1:].split(","))
        for column in columns
        if column.startswith("+")
    )
    excluded = [ai for column in columns if column.startswith("-") for ai in column[1:].split(",")]
    keys = [column[3:].lstrip("=") for column in columns if column.startswith("key")]
    qualifiers = (
        tuple(tuple(filter(None, choice.split(","))) for choice in keys[0].split("|")) if keys else None
    )
    for ai in _spread(identifiers):
        yield Rule(
            ai, "*" in flags, "?" in flags, parts, required,
            tuple(f"{ai[:3]}n" if other == "self" else other for other in excluded), qualifiers,
        )  # fmt: skip


def _part(match: re.Match[str]) -> Part:
    bracket, characters, up_to, length, checks = match.groups()
    most = int(length)
    return Part(
        characters,
        1 if up_to else most,
        most,
        bool(bracket),
        tuple((checks or "").split(",")) if checks else (),
    )


def _spread(identifiers: str) -> Iterator[str]:
    for pattern in identifiers.split(","):
        places = [_digits(choice or digit) for choice, digit in re.findall(r"\[([0-9-]+)\]|([0-9])", pattern)]
        yield from map("".join, product(*places))


def _digits(choice: str) -> str:
    """`0-267` is 0, 1, 2, 6, 7."""
    return re.sub(
        "([0-9])-([0-9])", lambda m: "".join(str(d) for d in range(int(m[1]), int(m[2]) + 1)), choice
    )


RULES: Final[Mapping[str, Rule]] = {
    rule.ai: rule for row in _ROWS.strip().splitlines() for rule in _rules(row)
}
