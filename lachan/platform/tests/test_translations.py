import gettext
import os
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from lachan.platform import translations
from lachan.platform.translations import Text, compile_stale, missing, texts_in_source, update

TEMPLATE = """
<p>{% translate "Scan the code" %} {% translate "Order" context "laboratory" %}</p>
    {% blocktranslate count people=n trimmed %}
      {{ people }} person's inside
    {% plural %}
      {{ people }} people inside
    {% endblocktranslate %}
{% comment %} it's {% translate "not this" %} {% endcomment %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, pgettext
A = _("Entry "
      "refused")
B = pgettext("time", "Second")
C = unknown("Not this")
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    app = tmp_path / "gates"
    (app / "templates" / "gates").mkdir(parents=True)
    (app / "tests").mkdir()
    (app / "apps.py").touch()
    (app / "views.py").write_text(CODE)
    (app / "templates" / "gates" / "page.html").write_text(TEMPLATE)
    (app / "tests" / "test_it.py").write_text('_("Only in a test")')
    return tmp_path


def test_strings_are_found_in_code_and_templates(package: Path) -> None:
    assert set(texts_in_source(package)) == {
        Text("", "Entry refused", ""),
        Text("time", "Second", ""),
        Text("", "Scan the code", ""),
        Text("laboratory", "Order", ""),
        Text("", "%(people)s person's inside", "%(people)s people inside"),
    }


def test_an_update_adds_what_is_missing_once_and_keeps_translations(package: Path) -> None:
    po = package / "gates" / translations.CATALOGUE
    assert update(package) == {po: 5}
    po.write_text(po.read_text().replace('"Entry refused"\nmsgstr ""', '"Entry refused"\nmsgstr "Từ chối"'))
    (package / "gates" / "views.py").write_text(CODE + 'D = _("New")\n')
    assert update(package) == {po: 1}
    assert "Từ chối" in po.read_text()
    assert missing(package) == {}


def test_only_stale_catalogues_are_compiled(package: Path) -> None:
    update(package)
    po = package / "gates" / translations.CATALOGUE
    po.write_text(po.read_text().replace('"Scan the code"\nmsgstr ""', '"Scan the code"\nmsgstr "Quét mã"'))
    assert compile_stale(package) == 1
    assert compile_stale(package) == 0
    with po.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Scan the code") == "Quét mã"
    later = po.with_suffix(".mo").stat().st_mtime + 10
    os.utime(po, (later, later))
    assert compile_stale(package) == 1


def test_every_string_is_in_a_catalogue() -> None:
    lost = [f"{path.relative_to(translations.PACKAGE)}: {text.singular}" for text, path in missing().items()]
    assert not lost, "run python -m lachan.platform.translations --update:\n" + "\n".join(lost)


def test_every_string_is_translated() -> None:
    messages = [(po, m) for po in translations.catalogues() for m in translations.read(po) if m.id]
    untranslated = [(po, m.id) for po, m in messages if m.fuzzy or not all(_strings(m))]
    assert not untranslated
    wrong = [(po, m.id, list(map(str, m.check()))) for po, m in messages if list(m.check())]
    assert not wrong, "placeholders differ"


def _strings(message: Message) -> list[object]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def test_catalogues_agree_about_a_string_that_several_use() -> None:
    """At run time all catalogues are one: of two translations of a string only one would ever be seen."""
    seen: dict[tuple[object, object], set[str]] = {}
    for po in translations.catalogues():
        for message in translations.read(po):
            seen.setdefault((message.context, str(message.id)), set()).add(str(message.string))
    assert not {key: words for key, words in seen.items() if len(words) > 1}
