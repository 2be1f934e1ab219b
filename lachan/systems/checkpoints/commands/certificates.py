"""Health certificates that are shown at gates: verified with the issuer's lists, ours and those of other countries.

What they say counts for one decision and is written into nobody's record. One of our own names its person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lachan.codecs.hcert import Certificate
from lachan.codecs.hcert.certificate import certificate_of
from lachan.core import clock
from lachan.issuer import judging
from lachan.issuer.judging import Judged
from lachan.issuer.queries import persons_of
from lachan.systems.checkpoints.commands.rulebook import Rulebook
from lachan.systems.checkpoints.rules import Certified, certified, is_certificate


@dataclass(frozen=True, slots=True)
class Shown:
    """A certificate as it was judged; `person_id` where the signature is right and the certificate is one of ours."""

    judged: Judged
    said: Certificate | None
    person_id: int | None = None

    @property
    def is_signed(self) -> bool:
        return self.judged.found.signature == "valid"


def read(texts: Sequence[str], moments: Sequence[datetime], *, at: datetime) -> list[Shown | None]:
    """For each text, in order: the certificate as judged for the moment at which it was shown, with the lists of `at`.

    None for what is none. Four queries whatever the number of texts, and none where no text is a certificate.
    """
    if not any(map(is_certificate, texts)):
        return [None] * len(texts)
    trust = judging.trust(at)
    found = [
        _shown(judging.judge([text], trust=trust, at=at, shown_at=moment)) if is_certificate(text) else None
        for text, moment in zip(texts, moments, strict=True)
    ]
    known = persons_of(each.judged.found.number for each in found if each and each.is_signed)
    return [
        Shown(each.judged, each.said, known.get(each.judged.found.number) if each.is_signed else None)
        if each
        else None
        for each in found
    ]


def shown_certificate(text: str, *, at: datetime) -> Shown | None:
    """The certificate that was just scanned, to be compared with a paper; None where the text is none."""
    [shown] = read([text], [at], at=at)
    return shown


def _shown(judged: Judged) -> Shown:
    return Shown(judged, certificate_of(judged.found.raw))


def weigh(shown: Shown, moment: datetime, rulebook: Rulebook) -> Certified:
    """What a certificate proves at the moment at which it was shown, or what speaks against it."""
    days = rulebook.on(moment).tracing.max_window_days
    return certified(shown.judged.level, shown.said, moment.astimezone(clock.zone()), case_days=days)
