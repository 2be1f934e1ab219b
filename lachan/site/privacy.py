"""PRIVACY.md, written from the rules themselves: what is kept, how long, and who may do what.

`python -m lachan.site.privacy` writes it anew; a test fails when it is out of date.
"""

from pathlib import Path

import django
from django.utils import translation

FILE = Path(__file__).resolve().parents[2] / "PRIVACY.md"

HEAD = """# Privacy

* A person's record is opened only through `lachan.core.access`, by a posting that holds the permission *and* has to do
  with the person: people who live in the posting's area, and people with whom it has an open task. Each read takes a
  purpose and is written down where the person can read it.
* Identity numbers and phones are sealed (AES-GCM) and found by a keyed hash; a copy of the database alone names nobody.
* Events carry ids and small facts, never names or free text. Addresses, logs and page titles carry nothing personal.
* "No such person" and "not yours to see" are the same answer.
* Persons, cases, exposures, orders, tests, results and doses have no rule yet and stay until one is decided; the
  events that they rest on stay as long as they do.
"""


def text() -> str:
    """The whole page, in English."""
    from lachan.core.models import Role
    from lachan.core.retention import RULES
    from lachan.core.roles import PERMISSIONS

    with translation.override("en"):
        kept = [f"| {r.what} | {r.purpose} | {r.days} day{'' if r.days == 1 else 's'} |" for r in RULES]
        held = [f"| {Role(r).label} | {', '.join(sorted(PERMISSIONS[r]))} |" for r in Role]
    return "\n".join(
        [
            HEAD,
            "## What is kept, and how long\n\n| what | what for | for |\n|---|---|---|",
            *kept,
            "\n## Who may do what\n\n| role | permissions |\n|---|---|",
            *held,
            "",
        ]
    )


if __name__ == "__main__":
    django.setup()
    FILE.write_text(text(), encoding="utf-8")
