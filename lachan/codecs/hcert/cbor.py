"""CBOR of strangers, read without trust: bounded, no objects but plain ones, one meaning for each input."""

import os
from typing import Any, Final, NoReturn

import cbor2

from lachan.codecs.errors import FormatError

DEEPEST: Final = 16

# Four times the largest of real certificates. In more than that, keys are texts: numbers and lists of numbers can be
# chosen so that they all hash alike, and a map of thousands of them takes seconds.
_LARGEST_REAL: Final = 4_096

# Whoever writes the input cannot know it, so nothing can stand between the input's one item and this.
_MARK: Final = os.urandom(16)
_MARKED: Final = b"\x50" + _MARK

_TAG_OF_DATE_TEXT: Final = 0
# Every tag that cbor2 would make an object of: regular expressions, references that close a circle, big numbers...
_KNOWN_TAGS: Final = (
    *range(64), 100, 256, 258, 260, 261, 1004, 1040, 43000, 55799,
)  # fmt: skip


def read(content: bytes) -> Any:
    """Return the one item: dict, list, str, bytes, int, float, bool, None (within a key: tuple, frozendict).

    Raises FormatError `cbor`: malformed, followed by more, a key twice, deeper than 16, over 4 kB with keys that
    are no text, any tag. The one exception is tag 0 (a date as text), which real certificates have: it is read as
    its text.
    """
    try:
        item, mark = cbor2.loads(
            b"\x82" + content + _MARKED,
            tag_hook=_refuse_tag,
            semantic_decoders=_SEMANTICS,
            max_depth=DEEPEST + 1,
            allow_duplicate_keys=False,
            strict_hashable_types=len(content) > _LARGEST_REAL,
        )
    except Exception as error:  # cbor2 leaks more kinds than its own
        raise FormatError("cbor", "The content is not the CBOR that certificates are made of.") from error
    if mark != _MARK:
        raise FormatError("cbor", "Something follows the content.")
    return item


def _refuse_tag(*_: object) -> NoReturn:
    raise ValueError


def _date_text(value: object, _immutable: bool) -> str:
    if not isinstance(value, str):
        raise ValueError
    return value


_SEMANTICS: Final = dict.fromkeys(_KNOWN_TAGS, _refuse_tag) | {_TAG_OF_DATE_TEXT: _date_text}
