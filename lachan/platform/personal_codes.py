"""The personal codes that this installation gives out: signed on paper, new every half-minute on telephones."""

from dataclasses import dataclass
from datetime import datetime

from lachan.codecs.live_code import STEP, live_key, make_live_code, parse_live_code
from lachan.codecs.person_qr import person_text
from lachan.codecs.signed_code import make_signed_code
from lachan.core import clock
from lachan.platform import code_keys


@dataclass(frozen=True, slots=True)
class Shown:
    """What a telephone shows: `next_at` the following code begins, at `until` this one is good no longer."""

    text: str
    next_at: datetime
    until: datetime


def printed(code: str, *, at: datetime) -> str:
    """What a printed code of this person says: signed, or as before where this installation has no key."""
    day = clock.local_date(at)
    key = code_keys.current().signing(day)
    if key is None or key.private is None:
        return person_text(code)
    return make_signed_code(code, key.private, issued_on=day)


def shown(code: str, *, at: datetime) -> Shown | None:
    """The code of this half-minute; None where this installation has no key."""
    key = code_keys.current().showing(clock.local_date(at))
    if key is None:
        return None
    text = make_live_code(code, live_key(key.secret, code), at)
    begins = parse_live_code(text).shown_at
    return Shown(text, begins + STEP, begins + 2 * STEP)
