"""Catalogues: compiled with Babel where they are stale, and kept complete without any gettext programs.

`python -m lachan.platform.translations` compiles; with `--update` it first adds to each app's Vietnamese
catalogue, untranslated, the strings of that app which no catalogue has yet.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
CATALOGUE = Path("locale/vi/LC_MESSAGES/django.po")
_PLURAL, _CONTEXT, _BOTH = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "translate"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _BOTH),
}
HEAD = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


@dataclass(frozen=True, order=True)
class Text:
    """A translatable string: context, singular, plural (empty when it has none)."""

    context: str
    singular: str
    plural: str


def compile_stale(package: Path = PACKAGE) -> int:
    """Compile every catalogue that changed since its .mo was written; how many."""
    found = stale(package)
    for po in found:
        whole = po.with_suffix(".mo.new")  # renamed when whole: another process may be reading
        with whole.open("wb") as file:
            write_mo(file, read(po))
        whole.replace(po.with_suffix(".mo"))
    return len(found)


def stale(package: Path = PACKAGE) -> list[Path]:
    """Catalogues that changed since their .mo was written."""
    return [po for po in catalogues(package) if _is_stale(po, po.with_suffix(".mo"))]


def catalogues(package: Path = PACKAGE) -> list[Path]:
    return sorted(package.glob("**/locale/*/LC_MESSAGES/*.po"))


def read(po: Path) -> Catalog:
    with po.open("rb") as file:
        return read_po(file, locale=po.parent.parent.name)


def texts_of(catalogue: Catalog) -> set[Text]:
    return {_text(message.context, message.id) for message in catalogue if message.id}


def texts_in_source(package: Path = PACKAGE) -> dict[Text, Path]:
    """Every translatable string of code and templates, with a file that has it. Tests are left out."""
    found: dict[Text, Path] = {}
    for path in sorted([*package.rglob("*.py"), *package.rglob("templates/**/*.*")]):
        if "tests" not in path.relative_to(package).parts:
            found.update(dict.fromkeys(_texts_in(path), path))
    return found


def missing(package: Path = PACKAGE) -> dict[Text, Path]:
    """Strings of the source that no Vietnamese catalogue has."""
    known: set[Text] = set()
    for po in catalogues(package):
        known |= texts_of(read(po))
    return {text: path for text, path in texts_in_source(package).items() if text not in known}


def update(package: Path = PACKAGE) -> dict[Path, int]:
    """Add what is missing to the catalogue of the app that has it; how many strings each catalogue gained.

    Every catalogue is written again in one order, so that two people's changes meet in few places.
    """
    opened = {po: read(po) for po in catalogues(package)}
    gained: dict[Path, int] = {}
    for text, path in sorted(missing(package).items()):
        po = _app_of(path, package) / CATALOGUE
        ids = (text.singular, text.plural) if text.plural else text.singular
        opened.setdefault(po, Catalog(locale="vi")).add(ids, context=text.context or None)
        gained[po] = gained.get(po, 0) + 1
    for po, catalogue in opened.items():
        write(po, catalogue)
    return gained


def write(po: Path, catalogue: Catalog) -> None:
    """Write a catalogue, sorted, with a head that holds no dates and no names."""
    body = io.BytesIO()
    write_po(body, catalogue, width=110, sort_output=True, omit_header=True)
    po.parent.mkdir(parents=True, exist_ok=True)
    po.write_bytes(HEAD.format(language=catalogue.locale_identifier).encode() + body.getvalue())


def _is_stale(po: Path, mo: Path) -> bool:
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _text(context: str | None, messages: object) -> Text:
    singular, plural = messages[:2] if isinstance(messages, (tuple, list)) else (messages, "")
    return Text(context or "", str(singular), str(plural or ""))


def _texts_in(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into text with calls of gettext; Python's tokenizer minds indents.
        source = "\n".join(line.strip() for line in templatize(source, origin=str(path)).splitlines())
    for _, messages, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
        yield _text(context, messages)


def _app_of(path: Path, package: Path) -> Path:
    """The app whose catalogue holds the strings of this file; what belongs to no app is the site's."""
    for folder in path.parents:
        if (folder / "apps.py").exists():
            return folder
        if folder == package:
            break
    return package / "site"


def main(arguments: list[str]) -> None:
    out = sys.stdout
    if "--update" in arguments:
        for po, count in update().items():
            out.write(f"{count} new in {po.relative_to(PACKAGE)}\n")
    out.write(f"{compile_stale()} of {len(catalogues())} catalogues compiled\n")


if __name__ == "__main__":
    main(sys.argv[1:])
