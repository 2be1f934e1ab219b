"""The control posts: what their tablets read over the day and send in the evening, and who passes just now."""

from datetime import date, datetime, timedelta

import numpy as np

from lachan.codecs.cccd import CitizenCard, write_cccd
from lachan.codecs.fields import PartialDate
from lachan.core.models import Person
from lachan.platform import personal_codes
from lachan.simulation.arrays import Ints
from lachan.simulation.play.stage import Stage
from lachan.systems.checkpoints import commands as checkpoints
from lachan.systems.checkpoints.commands import Reading

PASSING = 60  # a post and day
PEOPLE_PER_PASSAGE = 40
_OPEN_HOURS = (6.0, 20.0)
_SHOWN = (0.8, 0.16, 0.04)  # the personal code, the citizen card, something that is neither
_CARD, _NEITHER = 1, 2
_CARD_AGE = 14
_ISSUED_ON = date(2021, 6, 1)


def send_readings(stage: Stage, day: int, at: datetime) -> None:
    """Each post's tablet sends what it read over the day, offline until now."""
    count = min(PASSING, len(stage.loaded.country.population) // PEOPLE_PER_PASSAGE)
    for post, device in enumerate(stage.cast.devices):
        passed = _passing(stage, count, "passes", day, post)
        begin, end = _OPEN_HOURS
        hours = begin + (end - begin) * stage.draws.uniform("at the gate", day, post, passed)
        shown = stage.draws.pick(_SHOWN, "shown", day, post, passed).tolist()
        read = zip(_texts(stage, passed, shown), hours.tolist(), strict=True)
        readings = [
            Reading(
                client_id=f"{day}-{post}-{number}", text=text,
                device_time=stage.loaded.moment(day) + timedelta(minutes=int(hour * 60)),
            )
            for number, (text, hour) in enumerate(read)
        ]  # fmt: skip
        checkpoints.record_batch(device=device, readings=readings, actor=device.actor, at=at)


def guard_posts(stage: Stage, at: datetime, count: int) -> None:
    """People who pass the control posts now, one by one."""
    passed = _passing(stage, count, "passes now")
    for number, text in enumerate(_texts(stage, passed, [0] * len(passed))):
        checkpoints.record_scan(
            place=stage.cast.posts[number % len(stage.cast.posts)], payload=text, actor=stage.cast.staff["guard"],
            at=at, happened_at=at - timedelta(minutes=count - number),
        )  # fmt: skip


def _passing(stage: Stage, count: int, purpose: str, *keys: int) -> Ints:
    """Anybody, and among them some who should not be out."""
    passed = stage.draws.some(len(stage.loaded.country.population), count, purpose, *keys)
    under_order = np.array(sorted(stage.confined), dtype=np.int64)
    astray = under_order[stage.draws.some(len(under_order), min(3, count), f"{purpose} astray", *keys)]
    passed[: len(astray)] = astray
    return np.array(list(dict.fromkeys(passed.tolist())), dtype=np.int64)


def _texts(stage: Stage, persons: Ints, shown: list[int]) -> list[str]:
    """What stands in the code that each shows."""
    ids = (persons + stage.loaded.person).tolist()
    codes = dict(Person.objects.filter(pk__in=ids).values_list("pk", "code"))
    return [
        _text(stage, index, codes[pk], kind)
        for index, pk, kind in zip(persons.tolist(), ids, shown, strict=True)
    ]


def _text(stage: Stage, index: int, code: str, shown: int) -> str:
    people = stage.loaded.country.population
    if shown == _NEITHER:
        return f"TKYT-{stage.draws.pick(np.ones(10_000), 'old form', index)[0]:05d}"
    if shown == _CARD and people.number[index] and people.age[index] >= _CARD_AGE:
        return write_cccd(_card(stage, index))
    return personal_codes.printed(code, at=stage.loaded.moment(0))


def _card(stage: Stage, index: int) -> CitizenCard:
    people = stage.loaded.country.population
    born = people.birth[index].astype(object)
    return CitizenCard(
        number=f"{people.number[index]:012d}", old_number=None, name=str(people.name[index]),
        birth_date=PartialDate(born.year, born.month, born.day), sex="male" if people.male[index] else "female",
        address=str(people.address[index]), issued_on=_ISSUED_ON,
    )  # fmt: skip
