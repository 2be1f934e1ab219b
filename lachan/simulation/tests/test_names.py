import numpy as np

from lachan.core.names import search_key
from lachan.simulation import names
from lachan.simulation.arrays import stream
from lachan.simulation.names import Spelling

_KEEPS_THE_KEY = (Spelling.AS_IS, Spelling.NO_MARKS, Spelling.TONE_MOVED, Spelling.PLAIN_D)


def _some_names(count: int) -> np.ndarray:
    rng = stream(3, "names")
    return names.full_names(rng, names.family_names(rng, count), rng.random(count) < 0.5)


def test_nguyen_is_the_name_of_two_in_five() -> None:
    family = [name.split(" ")[0] for name in _some_names(20_000)]
    assert abs(family.count("Nguyễn") / len(family) - 0.38) < 0.02
    assert abs(family.count("Trần") / len(family) - 0.11) < 0.01


def test_every_spelling_but_the_lossy_ones_keeps_the_search_key() -> None:
    some = _some_names(3_000)
    written, kinds = names.spellings(stream(4, "names"), some)
    for name, other, kind in zip(some, written, kinds, strict=True):
        same = search_key(name) == search_key(other)
        assert same == (Spelling(int(kind)) in _KEEPS_THE_KEY), (name, other)


def test_every_kind_of_spelling_occurs() -> None:
    kinds = names.spellings(stream(4, "names"), _some_names(3_000))[1]
    assert set(kinds.tolist()) == {int(kind) for kind in Spelling}


def test_tone_moves_between_old_and_new_style_and_back() -> None:
    assert names.tone_moved("Nguyễn Thị Hòa") == "Nguyễn Thị Hoà"
    assert names.tone_moved("Trần Thuý Nga") == "Trần Thúy Nga"
    assert names.tone_moved("Lê Phú Quý") == "Lê Phú Quý"
    assert all(names.tone_moved(names.tone_moved(n)) == n for n in _some_names(500))


def test_plain_letters_have_no_marks() -> None:
    assert names.without_marks("Đỗ Thị Ánh Tuyết") == "Do Thi Anh Tuyet"
