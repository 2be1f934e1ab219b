"""`lachan certificate` and `lachan issuer` as an operator types them."""

import os
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.contrib.auth.models import User

from lachan.codecs import qr
from lachan.codecs.tests.hcert import making
from lachan.core import clock
from lachan.core.models import Actor
from lachan.issuer import lists, queries, rules
from lachan.issuer.models import Authority, Intent, Record, SignerKey, Waiting
from lachan.issuer.tests import foreign
from lachan.issuer.tests.conftest import AT, Office, office_at
from lachan.site.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """An issuer with keys in use whose operator and colleague sign in as `an` and `binh`."""
    monkeypatch.setenv("LACHAN_ISSUER_DATABASE_URL", "postgresql://issuer@/its-own")
    monkeypatch.setenv("LACHAN_ISSUER_KEY_FILE", str(tmp_path / "issuer-key"))
    monkeypatch.setenv(
        "DATABASE_URL", "postgresql://web@/its-own"
    )  # restored afterwards: commands replace it
    with clock.frozen(AT):
        made = office_at()
        made.key_in_use()
        made.key_in_use(purpose="lists")
        for actor, name in ((made.operator, "an"), (made.colleague, "binh")):
            Actor.objects.filter(pk=actor.pk).update(user=User.objects.create_user(name))
        yield made


def typed(*words: str, **more: Any) -> Result:
    return CliRunner().invoke(main, [*words], catch_exceptions=False, **more)


def said(*words: str, **more: Any) -> str:
    done = typed(*words, **more)
    assert done.exit_code == 0, done.output
    return done.output


def test_a_certificate_is_asked_for_signed_checked_and_taken_back(office: Office, tmp_path: Path) -> None:
    record = office.record()
    assert "URN:UVCI:01:VN:" in said("certificate", "issue", str(record.pk), "--by", "an")
    again = typed("certificate", "issue", str(record.pk), "--by", "an")
    assert (again.exit_code, "already" in again.output) == (1, True)
    office.sign()
    lists.refresh(keyring=office.keyring, at=AT)
    certificate = Intent.objects.get()
    code, picture = tmp_path / "code.txt", tmp_path / "code.png"
    code.write_text(certificate.signature.text)
    picture.write_bytes(qr.png(certificate.signature.text, 4, level="Q"))
    for source in (code, picture):
        assert "valid" in said("certificate", "verify", str(source))
    signer = tmp_path / "signer.der"
    signer.write_bytes(bytes(certificate.signature.key.certificate))
    assert "valid" in said("certificate", "verify", str(code), "--signer", str(signer))
    assert "1 revoked" in said("certificate", "revoke", certificate.uvci, "--reason", "fraud", "--by", "an")
    lists.refresh(keyring=office.keyring, at=AT + lists.EVERY)
    refused = typed("certificate", "verify", str(code))
    assert (refused.exit_code, "revoked" in refused.output) == (1, True)


def test_a_code_of_nobody_we_trust_is_invalid(office: Office, tmp_path: Path) -> None:
    code = tmp_path / "code.txt"
    code.write_text("HC1:NOTHING")
    assert typed("certificate", "verify", str(code)).exit_code == 1
    code.write_bytes(b"\x89PNG\r\n\x1a\n broken")
    assert typed("certificate", "verify", str(code)).exit_code == 1


def test_lots_and_places_are_taken_back(office: Office) -> None:
    for lot in ("A", "A", "B"):
        office.issued(office.record(lot=lot))
    reason = ("--reason", "lot-recalled", "--by", "an")
    assert "2 revoked" in said("certificate", "revoke", "--lot", "A", *reason)
    days = ("--from", "2026-11-19", "--until", "2026-11-20")
    assert "1 revoked" in said("certificate", "revoke", "--place", office.site.code, *days, *reason)
    assert typed("certificate", "revoke", "--place", office.site.code, *reason).exit_code == 1
    assert typed("certificate", "revoke", *reason).exit_code == 2
    assert typed("certificate", "revoke", "URN:NONE", *reason).exit_code == 1
    assert typed("certificate", "revoke", "--lot", "A", "--reason", "fraud", "--by", "nobody").exit_code == 1


def test_a_batch_asks_for_what_is_missing(office: Office) -> None:
    for _ in range(3):
        office.record()
    assert "3 records have no certificate" in said("certificate", "batch", "--dry-run")
    assert "3 requested" in said("certificate", "batch", "--kind", "v")
    assert "0 requested" in said("certificate", "batch")
    assert Waiting.objects.count() == Record.objects.count() == 3


def test_the_life_of_a_key(office: Office, tmp_path: Path) -> None:
    file, words = tmp_path / "authority.key", {"env": {"LACHAN_CA_PASSPHRASE": "correct horse battery"}}
    assert "valid until 2030" in said(
        "issuer", "ca", "new", "--file", str(file), "--country", "VN", "--name", "Bộ Y tế", **words
    )
    made = said("issuer", "key", "new", "--ca", str(file), "--algorithm", "ES256", "--use", "v", **words)
    kid = made.split()[1]
    assert "2026-11-27" in said("issuer", "key", "publish", kid)
    shown = said("issuer", "key", "list")
    assert kid in shown
    assert "published" in shown
    assert typed("issuer", "key", "publish", kid).exit_code == 1
    assert typed("issuer", "key", "retire", kid).exit_code == 1
    assert typed("issuer", "key", "publish", "00").exit_code == 1
    wrong = typed("issuer", "key", "new", "--ca", str(file), env={"LACHAN_CA_PASSPHRASE": "wrong"})
    assert "does not open the file" in wrong.output


def test_a_lost_key_is_declared_and_its_certificates_are_asked_for_again(office: Office) -> None:
    certificate = office.issued()
    kid = bytes(SignerKey.objects.filter(purpose="certificates").earliest("pk").kid).hex()
    office.key_in_use()
    told = said("issuer", "key", "compromise", kid, "--reason", "stolen", "--by", "an")
    assert f"--of-key {kid}" in told
    assert "1 requested" in said("certificate", "batch", "--of-key", kid)
    assert Intent.objects.filter(replaces=certificate).count() == 1


def test_the_stop_button_and_the_second_person(office: Office) -> None:
    said("issuer", "stop", "--reason", "drill", "--by", "an")
    assert queries.stop_in_force()
    own = typed("issuer", "resume", "--by", "an")
    assert (own.exit_code, "Ask a colleague" in own.output) == (1, True)
    said("issuer", "resume", "--by", "binh")
    assert not queries.stop_in_force()


def test_the_roles_are_printed_for_the_administrator(office: Office) -> None:
    printed = said("issuer", "roles")
    assert "CREATE ROLE lachan_web LOGIN;" in printed
    assert "REVOKE ALL ON issuer_privatekey FROM lachan_web;" in printed


def test_the_issuer_does_not_run_as_the_owner_of_the_tables(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module("lachan.site.cli.serve")
    monkeypatch.setattr(module, "refuse_old_tables", lambda: None)  # it closes the test's connection
    refused = typed("issuer", "run")
    assert (refused.exit_code, "not the issuer's" in refused.output) == (1, True)


def test_on_a_server_the_issuer_wants_a_role_of_its_own(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LACHAN_ISSUER_DATABASE_URL")
    refused = typed("issuer", "key", "list")
    assert (refused.exit_code, "LACHAN_ISSUER_DATABASE_URL" in refused.output) == (1, True)


def test_mistakes_of_the_operator_are_answered_in_words(office: Office, tmp_path: Path) -> None:
    code, broken, file = tmp_path / "code.txt", tmp_path / "broken.pem", tmp_path / "ca.key"
    code.write_text(office.issued().signature.text)
    broken.write_bytes(b"-----BEGIN CERTIFICATE-----")
    key = bytes(SignerKey.objects.get(purpose="certificates").kid).hex()
    tried = {
        ("certificate", "verify", str(code), "--signer", str(broken)): "no certificate of a signer",
        ("certificate", "batch", "--of-key", key): "not declared compromised",
        ("certificate", "batch", "--of-key", key, "--dry-run"): "does not go with",
        ("issuer", "ca", "new", "--file", str(file), "--country", "VNM", "--name", "X", "--passphrase", "p" * 12):
            "two capital letters",
    }  # fmt: skip
    for words, sentence in tried.items():
        done = typed(*words)
        assert (done.exit_code in (1, 2), sentence in done.output) == (True, True), done.output
    assert "No certificate was revoked" in said(
        "certificate", "revoke", "--lot", "NO-SUCH", "--reason", "lot-recalled", "--by", "an"
    )


def test_a_key_is_made_under_a_country_certificate(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "authority.key"
    file.write_text("")
    monkeypatch.setattr(Authority.objects, "order_by", lambda *_: Authority.objects.none())
    done = typed("issuer", "key", "new", "--ca", str(file), "--passphrase", "p" * 12)
    assert (done.exit_code, "no country certificate yet" in done.output) == (1, True)


def test_the_operator_is_told_which_key_is_wanted(office: Office) -> None:
    listed = said("issuer", "key", "list")
    assert "issuer key new" in listed
    for row in SignerKey.objects.all():
        assert f"{row.use_until:%Y-%m-%d}" in listed  # in a window of 80 columns too
    office.key_in_use()
    assert "new key" not in said("issuer", "key", "list")
    with clock.frozen(AT + rules.LIFE / 4):
        assert "--lists" in said("issuer", "key", "list")


def test_signers_of_another_country_are_imported_listed_and_removed(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "dsc.json"
    file.write_bytes(foreign.gateway(foreign.der()))
    os.utime(file, (AT.timestamp(), AT.timestamp()))
    words = ("issuer", "trust", "import", str(file), "--country", "fr", "--by", "an")
    assert "FR: 1 signers trusted, as of 2026-11-20 02:00 UTC." in said(*words)
    with clock.frozen(AT + timedelta(hours=24)):
        assert "green" in said("issuer", "trust", "list")
    with clock.frozen(AT + timedelta(hours=25)):
        listed = said("issuer", "trust", "list")
    assert all(part in listed for part in ("FR", "dsc.json", "amber: old", "2026-10-21", "2027-12-25"))
    assert "trusted no more" in said("issuer", "trust", "remove", "fr", "--by", "binh")
    assert "No list of fr is loaded" in typed("issuer", "trust", "remove", "fr", "--by", "binh").output
    file.write_text("hello")
    refused = typed(*words)
    assert (refused.exit_code, "This is no trust list" in refused.output) == (1, True)


def test_only_a_certificate_that_may_be_genuine_is_to_be_compared(office: Office, tmp_path: Path) -> None:
    certificate, code = office.issued(), tmp_path / "code.txt"
    lists.refresh(keyring=office.keyring, at=AT)
    code.write_text(certificate.signature.text)
    assert "Compare the name" in typed("certificate", "verify", str(code)).output
    with clock.frozen(AT + timedelta(days=400)):
        ended = typed("certificate", "verify", str(code))
    assert (ended.exit_code, "invalid" in ended.output, "Compare" in ended.output) == (1, True, False)


def test_a_file_of_codes_is_judged_line_by_line_and_ends_as_its_worst(office: Office, tmp_path: Path) -> None:
    good, codes = [office.issued() for _ in range(2)], tmp_path / "codes.txt"
    lists.refresh(keyring=office.keyring, at=AT)
    texts = [certificate.signature.text for certificate in good]
    codes.write_text("\n\n".join(texts) + "\n")
    assert "valid: 2  unsure: 0  invalid: 0" in said("certificate", "verify", str(codes))
    with clock.frozen(AT + timedelta(hours=25)):
        old = typed("certificate", "verify", str(codes))
    assert (old.exit_code, "valid: 0  unsure: 2" in old.output) == (2, True)
    codes.write_text("\n".join([*texts, "HC1:NOTHING", "é"]), encoding="utf-8")
    mixed = typed("certificate", "verify", str(codes))
    assert (mixed.exit_code, "valid: 2  unsure: 0  invalid: 2" in mixed.output) == (1, True), mixed.output


def test_names_of_strangers_command_neither_terminal_nor_colours(tmp_path: Path, office: Office) -> None:
    code, names = tmp_path / "code.txt", {"fn": "[/bold]\x1b[2J[green]valid", "fnt": "A"}
    code.write_text(making.issued(making.payload() | {"nam": names}))
    shown = typed("certificate", "verify", str(code))
    assert shown.exit_code == 1
    assert "[/bold]?[2J[green]valid, born" in shown.output
