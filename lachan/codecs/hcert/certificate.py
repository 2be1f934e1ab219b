"""What a certificate says of a person."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from lachan.codecs.hcert.keys import Use

_USES: Final = tuple((use.value, use) for use in Use)


class Certificate(NamedTuple):
    """The payload as it is, and the parts that people read. Untrusted until the verdict says valid.

    Texts are trimmed; what is missing or no text is "".
    """

    kind: Use
    entry: Mapping[str, Any]
    payload: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Both names as they are written, the family name first; in passport letters where nothing else is given."""
        written = f"{self.family} {self.given}".strip()
        passport = f"{self.family_transliterated} {self.given_transliterated}"
        return written or passport.replace("<", " ").strip()

    @property
    def family(self) -> str:
        return self._name("fn")

    @property
    def given(self) -> str:
        return self._name("gn")

    @property
    def family_transliterated(self) -> str:
        return self._name("fnt")

    @property
    def given_transliterated(self) -> str:
        return self._name("gnt")

    @property
    def birth_date(self) -> str:
        """As it is written: a date, a year and month, a year, or nothing."""
        return _text(self.payload.get("dob"))

    @property
    def certificate_id(self) -> str | None:
        """The UVCI, when there is one."""
        return _text(self.entry.get("ci")) or None

    def _name(self, key: str) -> str:
        names = self.payload.get("nam")
        return _text(names.get(key)) if isinstance(names, dict) else ""


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def certificate_of(payload: object) -> Certificate | None:
    """Return the certificate of a payload of any shape, None when it has no event."""
    if not isinstance(payload, dict):
        return None
    for name, use in _USES:
        entries = payload.get(name)
        if entries and isinstance(entries, list) and isinstance(entries[0], dict):
            return Certificate(use, entries[0], payload)
    return None
