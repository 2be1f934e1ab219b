"""Vietnamese names by realistic frequency, and the ways in which one person's name is written elsewhere.

Family-name shares: Lê Trung Hoa, "Họ và tên người Việt Nam" (2005), rounded; middle and given names are the
usual ones of today, written from general knowledge. All frequencies are approximations.
"""

import unicodedata
from enum import IntEnum

import numpy as np

from lachan.simulation.arrays import Bools, Ints, Words, pick

FAMILY = {
    "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.0, "Hoàng": 3.6, "Huỳnh": 1.5, "Phan": 4.5, "Vũ": 2.2,
    "Võ": 1.7, "Đặng": 2.1, "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Lý": 0.5,
    "Đinh": 0.9, "Trương": 1.2, "Đoàn": 0.8, "Lâm": 0.6, "Mai": 0.7, "Trịnh": 0.7, "Cao": 0.6, "Đào": 0.6,
    "Hà": 0.6, "Lương": 0.6, "Tạ": 0.4, "Thái": 0.4, "Châu": 0.3, "Tô": 0.3, "Quách": 0.2, "Kiều": 0.2,
    "Nghiêm": 0.1,
}  # fmt: skip
MIDDLE = {
    "male": {
        "Văn": 30, "Hữu": 6, "Đức": 7, "Minh": 7, "Quang": 5, "Công": 4, "Xuân": 4, "Thanh": 5, "Quốc": 5,
        "Đình": 4, "Ngọc": 4, "Anh": 3, "Hoàng": 4, "Gia": 3, "Duy": 3, "Trọng": 3, "Viết": 2, "Bá": 2,
        "Thế": 3, "Mạnh": 3, "Tiến": 3, "Tuấn": 3, "Hải": 2, "Nhật": 2, "Bảo": 2, "Phúc": 2, "Tấn": 2,
        "Chí": 1, "Khắc": 1, "Sỹ": 1,
    },
    "female": {
        "Thị": 42, "Ngọc": 8, "Thanh": 6, "Thu": 6, "Kim": 5, "Phương": 4, "Bích": 3, "Hồng": 4, "Minh": 3,
        "Mai": 3, "Thùy": 3, "Mỹ": 3, "Khánh": 3, "Lan": 2, "Quỳnh": 2, "Diệu": 2, "Hoài": 2, "Tuyết": 2,
        "Ánh": 2, "Bảo": 2, "Cẩm": 1, "Như": 2, "Hải": 1, "Xuân": 2, "Hà": 1, "Anh": 1, "Gia": 1, "Tường": 1,
        "Yến": 1, "Trúc": 1,
    },
}  # fmt: skip
GIVEN = {
    "male": {
        "Hùng": 5, "Dũng": 5, "Tuấn": 5, "Minh": 5, "Anh": 4, "Nam": 4, "Hải": 4, "Long": 4, "Sơn": 4,
        "Hoàng": 4, "Đức": 3, "Thành": 4, "Cường": 4, "Trung": 3, "Quân": 3, "Huy": 4, "Khoa": 2, "Phúc": 3,
        "Bình": 3, "Thắng": 3, "Kiên": 2, "Tâm": 2, "Tài": 2, "Lộc": 2, "Đạt": 3, "Khánh": 2, "Hiếu": 3,
        "Toàn": 2, "Hòa": 2, "Thủy": 1, "Việt": 2, "Thọ": 1, "Vinh": 2, "Phong": 2, "Bảo": 2,
    },
    "female": {
        "Hương": 5, "Lan": 5, "Hoa": 4, "Hòa": 3, "Thủy": 4, "Hà": 4, "Linh": 5, "Trang": 5, "Mai": 4,
        "Hằng": 4, "Hạnh": 3, "Nga": 3, "Phương": 4, "Thảo": 4, "Yến": 3, "Nhung": 3, "Loan": 3, "Dung": 3,
        "Oanh": 2, "Vân": 3, "Ngọc": 3, "Quỳnh": 2, "Tuyết": 2, "Thúy": 3, "Trinh": 2, "My": 2, "Ngân": 3,
        "Huệ": 2, "Liên": 3, "Duyên": 2, "Đào": 1, "Hiền": 3, "Hòe": 1, "Khuê": 1, "Thu": 3,
    },
}  # fmt: skip


class Spelling(IntEnum):
    """How a name was written down the second time."""

    AS_IS = 0
    NO_MARKS = 1
    TONE_MOVED = 2
    PLAIN_D = 3
    ORDER = 4
    TYPO = 5


# Shares of a second record, by kind; the search key must survive all but ORDER and TYPO.
SPELLING_SHARE = (0.62, 0.14, 0.10, 0.06, 0.03, 0.05)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_NEIGHBOUR = {
    "a": "s",
    "i": "o",
    "n": "m",
    "h": "g",
    "t": "r",
    "u": "y",
    "o": "p",
    "g": "h",
    "c": "x",
    "e": "w",
}


def _table(frequencies: dict[str, int] | dict[str, float]) -> tuple[Words, list[float]]:
    return np.array(list(frequencies), dtype=object), [float(v) for v in frequencies.values()]


def family_names(rng: np.random.Generator, size: int) -> Ints:
    """Indices into `FAMILY`."""
    return pick(rng, list(FAMILY.values()), size)


def full_names(rng: np.random.Generator, family: Ints, male: Bools) -> Words:
    """Full names in NFC, family name first, one for each entry of `family` (indices into `FAMILY`)."""
    names = _table(FAMILY)[0][family]
    for sex, chosen in (("male", male), ("female", ~male)):
        count = int(chosen.sum())
        for source in (MIDDLE[sex], GIVEN[sex]):
            words, weights = _table(source)
            names[chosen] = names[chosen] + " " + words[pick(rng, weights, count)]
    return names


def without_marks(text: str) -> str:
    """'Đỗ Thị Hòa' -> 'Do Thi Hoa'."""
    split = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return "".join(c for c in split if not unicodedata.combining(c))


def tone_moved(text: str) -> str:
    """Old-style tone placement for new-style and back: 'Hòa' <-> 'Hoà', 'Thúy' <-> 'Thuý'."""
    return " ".join(_word_tone_moved(word) for word in text.split(" "))


def _word_tone_moved(word: str) -> str:
    split = unicodedata.normalize("NFD", word)
    tones = [c for c in split if c in _TONES]
    bare = unicodedata.normalize("NFC", "".join(c for c in split if c not in _TONES))
    if not tones or bare.lower()[-2:] not in ("oa", "oe", "uy") or bare.lower().startswith("qu"):
        return word
    first = word == unicodedata.normalize("NFC", bare[:-1] + tones[0] + bare[-1])
    moved = bare + tones[0] if first else bare[:-1] + tones[0] + bare[-1]
    return unicodedata.normalize("NFC", moved)


def mistyped(text: str, position: int) -> str:
    """One letter replaced by its neighbour on the keyboard, in the given name where it can be."""
    hits = [i for i, c in enumerate(text) if c in _NEIGHBOUR]
    if not hits:
        return text + "h"
    at = hits[-1 - position % min(len(hits), 3)]
    return text[:at] + _NEIGHBOUR[text[at]] + text[at + 1 :]


def respelled(text: str, kind: Spelling, position: int = 0) -> str:
    """The name as another clerk would write it."""
    if kind is Spelling.NO_MARKS:
        return without_marks(text)
    if kind is Spelling.TONE_MOVED:
        return tone_moved(text)
    if kind is Spelling.PLAIN_D:
        return text.replace("Đ", "D").replace("đ", "d")
    if kind is Spelling.ORDER:
        family, _, rest = text.partition(" ")
        return f"{rest} {family}"
    return mistyped(text, position) if kind is Spelling.TYPO else text


def spellings(rng: np.random.Generator, names: Words) -> tuple[Words, Ints]:
    """Each name as it stands in a second register, and the `Spelling` of each."""
    kinds = pick(rng, SPELLING_SHARE, len(names))
    places = rng.integers(0, 3, len(names))
    written = np.array(
        [respelled(n, Spelling(k), int(p)) for n, k, p in zip(names, kinds, places, strict=True)],
        dtype=object,
    )
    return written, kinds
