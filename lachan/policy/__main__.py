"""`python -m lachan.policy [PROFILE [FOLDER]]`: what is in force when, or what is wrong with a file."""

from __future__ import annotations

import sys
from pathlib import Path

from lachan.policy.book import PARTS, PolicyBook, load
from lachan.policy.errors import PolicyError


def main(arguments: list[str]) -> int:
    """0 and the list of versions, or 1 and the reason why the files cannot be used."""
    profile = arguments[0] if arguments else "vn/covid19"
    overlay = Path(arguments[1]) if len(arguments) > 1 else None
    try:
        book = load(profile, overlay)
    except PolicyError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for part in PARTS for line in _lines(book, part))
    return 0


def _lines(book: PolicyBook, part: str) -> list[str]:
    timeline = getattr(book, part)
    spans = timeline.spans if timeline else ()
    return [
        f"{part:12}{span.start} to {span.end or 'further notice'!s:15} {span.policy.basis.id}"
        for span in spans
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
