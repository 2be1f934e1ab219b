"""The page on which anybody checks a certificate: by text and by picture, in two languages, with nothing kept."""

import io
import logging
import tempfile
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils.translation import override
from PIL import Image

from lachan.codecs import qr
from lachan.core import clock
from lachan.issuer import fields, judging, uploads, words
from lachan.issuer.tests.codes import every_sort
from lachan.issuer.tests.conftest import AT, Office
from lachan.platform.models import Counter

pytestmark = pytest.mark.django_db
WORDS = {"valid": "VALID", "unsure": "CANNOT BE VERIFIED", "invalid": "NOT VALID"}
SHAPES = {"valid": "pass", "unsure": "check", "invalid": "stop"}


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with clock.frozen(AT):
        yield


@pytest.fixture
def codes(office: Office) -> dict[str, str]:
    return every_sort(office)


@pytest.fixture
def page() -> Client:
    return Client(raise_request_exception=False)


def posted(page: Client, **sent: Any) -> Any:
    return page.post("/verify?lang=en", sent)


def english(code: str) -> str:
    with override("en"):
        return str(words.why(code))


def photographed(*texts: str) -> SimpleUploadedFile:
    """The codes side by side on paper."""
    drawn = [Image.open(io.BytesIO(qr.png(text, 4, level="Q"))) for text in texts]
    paper = Image.new("L", (sum(d.width for d in drawn) + 200, max(d.height for d in drawn) + 200), 255)
    left = 100
    for one in drawn:
        paper.paste(one, (left, 100))
        left += one.width
    file = io.BytesIO()
    paper.save(file, "JPEG", quality=80)
    return SimpleUploadedFile("photo.jpg", file.getvalue(), "image/jpeg")


@pytest.mark.parametrize(
    ("sort", "level"),
    [("valid", "valid"), ("revoked", "invalid"), ("expired", "invalid"), ("not-yet-valid", "invalid"),
     ("key-usage", "invalid"), ("kid-unknown", "invalid"), ("kid-unknown-foreign", "unsure"), ("signature", "invalid"),
     ("garbage", "invalid")],
)  # fmt: skip
def test_every_sort_of_code_is_shown_with_word_shape_and_reason(
    page: Client, codes: dict[str, str], sort: str, level: str
) -> None:
    answer = posted(page, text=codes[sort])
    body = answer.content.decode()
    assert answer.status_code == 200
    assert f'class="verdict {SHAPES[level]}"' in body
    assert f"</span>{WORDS[level]}</p>" in body
    reason = english(sort if sort != "garbage" else "unknown-kind")
    assert sort == "signature" or reason in body.replace("&#x27;", "'")


def test_name_and_birth_date_stand_beside_a_valid_verdict_to_be_compared(
    page: Client, codes: dict[str, str], office: Office
) -> None:
    from lachan.issuer.models import Intent

    person = Intent.objects.get(signature__text=codes["valid"]).person
    body = posted(page, text=f"  {codes['valid']}\n").content.decode()
    compare = body[body.index('id="compare"') :]
    assert person.name in compare
    assert str(person.birth_year) in compare
    assert "Comirnaty" in compare
    assert "2/2" in compare
    assert "Vietnam" in compare
    forged = posted(page, text=codes["kid-unknown"]).content.decode()
    assert 'id="compare"' not in forged
    assert "not proven" in forged


def test_with_old_lists_the_page_is_amber_and_says_how_old(page: Client, codes: dict[str, str]) -> None:
    with clock.frozen(AT + timedelta(hours=30)):
        body = posted(page, text=codes["valid"]).content.decode()
    assert 'class="verdict check"' in body
    assert WORDS["unsure"] in body
    assert 'class="verdict pass"' not in body
    assert "30 hours old" in body
    assert 'id="compare"' in body, "the signature is proven"


def test_the_language_is_the_browsers_or_the_one_chosen(page: Client) -> None:
    def asked(query: str = "", accepts: str = "") -> Any:
        return page.get(f"/verify{query}", headers={"accept-language": accepts})

    for answer, language in (
        (asked(accepts="en-GB,en;q=0.9"), "en"), (asked(accepts="vi-VN"), "vi"), (asked(accepts="fr"), "en"),
        (asked("?lang=vi", "en"), "vi"), (asked("?lang=en", "vi"), "en"), (asked("?lang=xx", "en"), "en"),
    ):  # fmt: skip
        assert f'<html lang="{language}">' in answer.content.decode()
        assert answer["Content-Language"] == language
        assert not answer.cookies


def test_a_photograph_is_read(page: Client, codes: dict[str, str]) -> None:
    body = posted(page, picture=photographed(codes["valid"])).content.decode()
    assert 'class="verdict pass"' in body


def test_a_photograph_of_two_certificates_is_not_judged(page: Client, codes: dict[str, str]) -> None:
    body = posted(page, picture=photographed(codes["valid"], codes["revoked"])).content.decode()
    assert 'class="verdict check"' in body
    assert "one at a time" in body


def test_a_photograph_without_a_code_says_so(page: Client, codes: dict[str, str]) -> None:
    file = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(file, "PNG")
    body = posted(page, picture=SimpleUploadedFile("a.png", file.getvalue())).content.decode()
    assert 'class="verdict check"' in body
    assert "no code in the picture" in body


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({}, 422, "empty"),
        ({"text": "   "}, 422, "empty"),
        ({"text": "HC1:" + "A" * 10_000_000}, 413, "length"),
        ({"text": "HC1:" + "A" * 30_000}, 200, "length"),
        ({"text": "HC1:\x00\ud7ff\u202e"}, 200, "base45"),
        ({"picture": SimpleUploadedFile("a.txt", b"no picture")}, 422, "picture-format"),
        ({"picture": SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 40)}, 422, "picture-format"),
        ({"picture": "HC1:"}, 422, "empty"),
        ({"text": SimpleUploadedFile("a.txt", b"HC1:")}, 422, "empty"),
    ],
    ids=[
        "nothing",
        "spaces",
        "10 MB paste",
        "30 kB paste",
        "odd letters",
        "text file",
        "broken",
        "no file",
        "no text",
    ],
)
def test_bad_input_is_answered_in_words(page: Client, sent: dict[str, Any], status: int, said: str) -> None:
    answer = posted(page, **sent)
    assert answer.status_code == status
    assert english(said) in answer.content.decode()


def test_an_upload_of_200_megabytes_is_refused_before_it_is_read(page: Client) -> None:
    class Endless(io.RawIOBase):
        read_bytes = 0

        def read(self, size: int = -1) -> bytes:
            Endless.read_bytes += max(size, 0)
            return b"x" * max(size, 0)

    sent: dict[str, Any] = {"wsgi.input": Endless(), "CONTENT_LENGTH": str(200_000_000)}
    kind = "multipart/form-data; boundary=b"
    answer = page.generic("POST", "/verify?lang=en", b"", content_type=kind, **sent)
    assert answer.status_code == 413
    assert english("picture-length") in answer.content.decode()
    assert Endless.read_bytes == 0


def test_a_picture_never_touches_a_disk(
    page: Client, codes: dict[str, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", lambda *_, **__: pytest.fail("a file was made"))
    big = photographed(codes["valid"]).read() + b"\0" * 6_000_000
    answer = posted(page, picture=SimpleUploadedFile("big.jpg", big))
    assert 'class="verdict pass"' in answer.content.decode()


def test_nothing_is_kept_and_nothing_is_logged(
    page: Client, codes: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    def rows() -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
            return dict(cursor.fetchall())

    before = rows()
    for text in codes.values():
        posted(page, text=text)
    changed = {table for table, count in rows().items() if count != before.get(table, 0)}
    assert changed == {"platform_counter"}
    assert not Counter.objects.filter(key__icontains="127.0.0.1").exists()
    said = " ".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
    assert not any(text in said for text in codes.values())


def test_pictures_are_counted_by_address(
    page: Client, codes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    few = uploads.PICTURES.__class__(uploads.PICTURES.name, 2, uploads.PICTURES.within)
    monkeypatch.setattr(uploads, "PICTURES", few)
    answers = [posted(page, picture=photographed(codes["valid"])).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert posted(page, text=codes["valid"]).status_code == 200, "texts cost little and are counted apart"


def test_one_picture_is_read_at_a_time(
    page: Client, codes: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = threading.BoundedSemaphore(1)
    taken.acquire()
    monkeypatch.setattr(uploads, "_reading", taken)
    monkeypatch.setattr(uploads, "PATIENCE_SECONDS", 0.01)
    answer = posted(page, picture=photographed(codes["valid"]))
    assert answer.status_code == 503
    assert english("busy") in answer.content.decode()
    taken.release()
    assert posted(page, picture=photographed(codes["valid"])).status_code == 200


def test_the_page_needs_no_cookie_and_weighs_little(page: Client, codes: dict[str, str]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/verify?lang=en", {"text": codes["valid"]}).status_code == 200
    answer = posted(page, text=codes["valid"])
    assert "no-store" in answer["Cache-Control"]
    assert "'unsafe" not in answer["Content-Security-Policy"]
    package = Path(judging.__file__).resolve().parents[1]
    static = ["site/static/lachan/style.css", "site/static/lachan/shield.svg", "issuer/static/issuer/verify.css",
              "issuer/static/issuer/verify.js"]  # fmt: skip
    assert len(answer.content) + sum((package / name).stat().st_size for name in static) < 60_000
    assert "<script>" not in answer.content.decode()
    assert " style=" not in answer.content.decode()


@pytest.mark.parametrize(
    ("age", "said"),
    [(timedelta(seconds=-5), "0 minutes"), (timedelta(seconds=70), "1 minute"), (timedelta(hours=47), "47 hours"),
     (timedelta(hours=73), "3 days")],
)  # fmt: skip
def test_the_age_of_a_list_is_said_in_one_number(age: timedelta, said: str) -> None:
    with override("en"):
        assert fields.age_text(AT - age, AT) == said
        assert fields.age_text(None, AT) == ""


@pytest.mark.parametrize(
    ("asked", "cookie", "language"),
    [
        ("", "", "vi"), ("vi-VN,vi;q=0.9,en;q=0.8", "", "vi"), ("en-GB,en;q=0.9", "", "en"), ("*", "", "vi"),
        ("fr-FR,fr;q=0.9", "", "en"), ("zh-CN,ko;q=0.5", "", "en"), ("fr,vi;q=0.5", "", "vi"),
        ("fr-FR", "vi", "vi"), ("en", "vi", "vi"), ("x" * 600, "", "vi"),
    ],
)  # fmt: skip
def test_the_page_speaks_as_the_browser_does_and_english_where_it_cannot(
    page: Client, asked: str, cookie: str, language: str
) -> None:
    if cookie:
        page.cookies["language"] = cookie
    answer = page.get("/verify", headers={"accept-language": asked} if asked else None)
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.text
