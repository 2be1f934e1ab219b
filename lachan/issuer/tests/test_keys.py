"""Keys: their ceremonies, five years of rotation, a compromise."""

import stat
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from lachan.codecs.hcert import TrustedKey, Use, verify
from lachan.core.models import EventRow
from lachan.issuer import authority_file, commands, keys, queries, rules, vault
from lachan.issuer.models import Authority, Intent, PrivateKey, Signature, SignerKey
from lachan.issuer.queries.trust import key_of
from lachan.issuer.rules import Key, KeyStage
from lachan.issuer.tests.conftest import AT, SECRET, Office, authority

DAY = timedelta(days=1)
YEARS = 5 * 365
PASSPHRASE = "correct horse battery"


def published(number: int, at: datetime) -> Key:
    """A key as an operator makes it who follows the advice."""
    fresh = Key(kid=number.to_bytes(8, "big"), not_before=at, not_after=at + rules.LIFE)
    plan = rules.plan_use(fresh, at)
    return Key(fresh.kid, at, fresh.not_after, at, plan.use_from, plan.use_until)


def advised(keys_: list[Key], at: datetime) -> list[Key]:
    """Until nothing more is advised."""
    while rules.plan_next(keys_, at):
        keys_ = [*keys_, published(len(keys_), at)]
    return keys_


def outlives(key: Key, issued_at: datetime) -> bool:
    """Whether the key is trusted on every day of a certificate's life."""
    trusted = (KeyStage.PUBLISHED, KeyStage.IN_USE, KeyStage.RETIRED)
    days = (issued_at + n * DAY for n in range(0, 366, 5))
    return all(rules.stage(key, min(day, issued_at + rules.LONGEST - DAY / 24)) in trusted for day in days)


@pytest.mark.parametrize("every", [1, 7, 21])
def test_for_five_years_there_is_always_a_key_and_every_certificate_outlives_its_rotation(every: int) -> None:
    """The operator looks every day, every week, every three weeks."""
    held = advised([], AT)
    used: set[bytes] = set()
    for day in range(YEARS):
        at = AT + day * DAY
        if day % every == 0:
            held = advised(held, at)
        key = rules.key_to_use(held, at, lasting=rules.LONGEST)
        if day < rules.NOTICE.days:
            assert key is None
            continue
        assert key is not None, f"day {day}"
        assert key.published_at is not None
        assert at - key.published_at >= rules.NOTICE
        assert outlives(key, at)
        used.add(key.kid)
    assert len(used) >= 5 * 2


@given(st.integers(10, YEARS), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_a_compromise_on_any_day_leaves_a_key_that_is_trusted_already(day: int, more: int) -> None:
    held: list[Key] = []
    for each in range(0, day + 1, 7):
        held = advised(held, AT + each * DAY)
    at = AT + day * DAY
    lost = rules.key_to_use(held, at)
    assert lost is not None
    left = [k for k in held if k.kid != lost.kid]
    left.append(
        Key(lost.kid, lost.not_before, lost.not_after, lost.published_at, lost.use_from, lost.use_until, at)
    )
    left = advised(left, at)
    for after in range(60 * (more + 1)):
        then = at + after * DAY
        left = advised(left, then) if after % 7 == 0 else left
        key = rules.key_to_use(left, then, lasting=rules.LONGEST)
        assert key is not None
        assert key.kid != lost.kid


def test_the_simulation_notices_an_operator_who_forgets() -> None:
    held = advised([], AT)
    missing = [d for d in range(7, YEARS) if rules.key_to_use(held, AT + d * DAY) is None]
    assert missing[0] == 190


@pytest.mark.django_db
def test_five_years_of_real_certificates(bare_office: Office) -> None:
    """A certificate each month, signed with the keys of the day; on the first of each month all that have not ended
    verify by the trust list of that day."""
    office, texts = bare_office, list[tuple[str, datetime]]()
    for month in range(5 * 12):
        at = AT + month * 30 * DAY
        keep_keys(office, at)
        if month:
            certificate = office.issued(at=at)
            texts.append((Signature.objects.get(intent=certificate).text, certificate.expires_at))
        trust = queries.trust(at)
        for text, ends in texts:
            verdict = verify(text, trust=trust, at=at)
            assert verdict.ok == (at <= ends), (month, verdict)
    assert Authority.objects.count() >= 3
    assert SignerKey.objects.count() >= 20


def keep_keys(office: Office, at: datetime) -> None:
    """What the operator does each month: a new authority every two years, keys as advised."""
    if office.authority.not_after < at + rules.LIFE:
        office.authority, office.authority_key = authority(at)
    while rules.plan_next([key_of(row) for row in queries.signer_keys()], at):
        keys.publish(key=office.key(at), actor=office.operator, at=at)


@pytest.mark.django_db
def test_a_compromise_voids_what_that_key_signed_and_nothing_else(bare_office: Office) -> None:
    office = bare_office
    lost, other = office.key_in_use(), office.key_in_use(AT - DAY)
    by_lost = office.issued()
    assert by_lost.signature.key_id == lost.pk
    commands.declare_compromised(key=lost, reason="tape stolen", actor=office.operator, at=AT)
    next_one = office.issued()
    assert next_one.signature.key_id == other.pk
    trust = queries.trust(AT)
    verdicts = {c.pk: verify(c.signature.text, trust=trust, at=AT) for c in (by_lost, next_one)}
    assert verdicts[by_lost.pk].code == "kid-unknown"
    assert verdicts[next_one.pk].ok
    assert queries.standing(queries.by_uvci(by_lost.uvci) or by_lost, AT) == queries.Standing.REVOKED
    with pytest.raises(commands.CannotRevoke, match="compromised-before"):
        commands.declare_compromised(key=lost, reason="again", actor=office.operator, at=AT)
    with pytest.raises(commands.CannotRevoke, match="no-reason"):
        commands.declare_compromised(key=other, reason=" ", actor=office.operator, at=AT)


@pytest.mark.django_db
def test_after_a_compromise_each_certificate_has_a_successor_once(bare_office: Office) -> None:
    office = bare_office
    lost, _other = office.key_in_use(), office.key_in_use(AT - DAY)
    old = [office.issued() for _ in range(5)]
    commands.withdraw_backing(record=old[0].record, reason="not given", actor=office.operator, at=AT)
    commands.declare_compromised(key=lost, reason="stolen", actor=office.operator, at=AT)
    first = sum(commands.reissue_of_key(key=lost, actor=office.operator, at=AT, size=2))
    again = sum(commands.reissue_of_key(key=lost, actor=office.operator, at=AT, size=2))
    assert (first, again) == (4, 0)
    office.sign()
    for certificate in old[1:]:
        new = Intent.objects.get(replaces=certificate)
        assert new.expires_at == certificate.expires_at
        assert queries.standing(queries.by_uvci(new.uvci) or new, AT) == queries.Standing.VALID


@pytest.mark.django_db
@pytest.mark.parametrize(("algorithm", "size"), [("ES256", 64), ("PS256", 384)])
def test_a_signer_of_either_algorithm(bare_office: Office, algorithm: str, size: int) -> None:
    key = bare_office.key_in_use(algorithm=algorithm)
    certificate = bare_office.issued()
    assert len(certificate.signature.signature) == size
    assert verify(certificate.signature.text, trust=queries.trust(AT), at=AT).ok
    assert key.algorithm == algorithm


@pytest.mark.django_db
def test_the_certificate_of_a_signer_says_what_it_may_sign(bare_office: Office) -> None:
    key = bare_office.key(uses=["t", "r"])
    read = TrustedKey.of_certificate(bytes(key.certificate))
    assert read.uses == {Use.TEST, Use.RECOVERY}
    assert (read.kid, read.country) == (bytes(key.kid), "VN")
    signer = x509.load_der_x509_certificate(bytes(key.certificate))
    above = x509.load_der_x509_certificate(bytes(bare_office.authority.certificate))
    signer.verify_directly_issued_by(above)
    above.verify_directly_issued_by(above)


@pytest.mark.django_db
def test_a_key_is_published_once_and_signs_from_a_week_later(bare_office: Office) -> None:
    key = keys.publish(key=bare_office.key(), actor=bare_office.operator, at=AT)
    assert key.use_from == AT + 7 * DAY
    with pytest.raises(keys.CannotKeep, match="published-before"):
        keys.publish(key=key, actor=bare_office.operator, at=AT)
    late = bare_office.key(AT)
    with pytest.raises(keys.CannotKeep, match="too-late"):
        keys.publish(key=late, actor=bare_office.operator, at=AT + 360 * DAY)
    assert EventRow.objects.filter(kind="SigningKeyPublished").count() == 1


@pytest.mark.django_db
def test_the_last_key_is_not_retired(office: Office) -> None:
    only = SignerKey.objects.get()
    with pytest.raises(keys.CannotKeep, match="last-key"):
        keys.retire(key=only, actor=office.operator, at=AT)
    with pytest.raises(keys.CannotKeep, match="not-in-use"):
        keys.retire(key=office.key(), actor=office.operator, at=AT)
    certificate = office.issued()
    office.key_in_use()
    keys.retire(key=only, actor=office.operator, at=AT + DAY)
    assert rules.stage(key_of(SignerKey.objects.get(pk=only.pk)), AT + DAY) == KeyStage.RETIRED
    assert verify(certificate.signature.text, trust=queries.trust(AT + DAY), at=AT + DAY).ok


@pytest.mark.django_db
def test_the_last_key_of_a_kind_is_not_retired(bare_office: Office) -> None:
    for_all, for_tests = bare_office.key_in_use(), bare_office.key_in_use(uses=["t"])
    with pytest.raises(keys.CannotKeep, match="last-key"):
        keys.retire(key=for_all, actor=bare_office.operator, at=AT)
    assert keys.retire(key=for_tests, actor=bare_office.operator, at=AT).use_until == AT


def test_a_key_is_wanted_for_each_kind_and_for_lists(bare_office: Office) -> None:
    assert queries.keys_wanted(AT) == ["v", "t", "r", "lists"]
    bare_office.key_in_use(uses=["v"])
    assert queries.keys_wanted(AT) == ["v", "lists"]
    bare_office.key_in_use()
    assert queries.keys_wanted(AT) == ["t", "r", "lists"]
    bare_office.key_in_use()
    bare_office.key_in_use(purpose="lists")
    assert queries.keys_wanted(AT) == []
    assert queries.keys_wanted(AT + rules.LIFE / 4) == ["v", "t", "r", "lists"]


def test_a_signer_is_made_with_the_authoritys_own_key_while_it_lasts(bare_office: Office) -> None:
    with pytest.raises(keys.CannotKeep, match="authority-ends"):
        bare_office.key(AT + 4 * 365 * DAY)
    bare_office.authority_key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(keys.CannotKeep, match="not-its-key"):
        bare_office.key()


@pytest.mark.django_db
def test_an_authority_is_made_and_its_key_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "authority.key"
    made = keys.make_authority(country="VN", name="Bộ Y tế", file=file, passphrase=PASSPHRASE, at=AT)
    private = authority_file.read(file, PASSPHRASE)
    assert private.public_key() == x509.load_der_x509_certificate(bytes(made.certificate)).public_key()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for code, path, passphrase in (
        ("passphrase-wrong", file, PASSPHRASE + "!"),
        ("file-missing", tmp_path / "none", PASSPHRASE),
        ("file-broken", Path(__file__), PASSPHRASE),
    ):
        with pytest.raises(authority_file.CannotOpenAuthority, match=code):
            authority_file.read(path, passphrase)
    with pytest.raises(authority_file.CannotOpenAuthority, match="file-exists"):
        authority_file.write(file, private, PASSPHRASE)
    with pytest.raises(authority_file.CannotOpenAuthority, match="passphrase-short"):
        authority_file.write(tmp_path / "new", private, "short")


def test_the_key_file_is_its_owners_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "folder" / "issuer-key"
    vault.make_key_file(file)
    assert len(vault.read_key_file(file)) == 32
    with pytest.raises(FileExistsError):
        vault.make_key_file(file)
    file.chmod(0o640)
    with pytest.raises(vault.CannotUseKey, match="key-file-open"):
        vault.read_key_file(file)
    for content in (b"", b"not base64!", b"AAAA"):
        other = tmp_path / "broken"
        other.write_bytes(content)
        other.chmod(0o600)
        with pytest.raises(vault.CannotUseKey, match="key-file-broken"):
            vault.read_key_file(other)
    with pytest.raises(vault.CannotUseKey, match="key-file-missing"):
        vault.read_key_file(tmp_path / "none")
    monkeypatch.delenv(vault.VARIABLE, raising=False)
    with pytest.raises(vault.CannotUseKey, match="key-file-not-named"):
        vault.key_file()


@pytest.mark.django_db
def test_a_private_key_is_sealed_and_bound_to_its_number(bare_office: Office) -> None:
    first, second = bare_office.key(), bare_office.key()
    sealed = bytes(PrivateKey.objects.get(key=first).sealed or b"")
    opened = vault.unseal_key(sealed, bytes(first.kid), SECRET)
    assert opened.public_key() == TrustedKey.of_certificate(bytes(first.certificate)).public_key
    for kid, secret in ((second.kid, SECRET), (first.kid, bytes(32))):
        with pytest.raises(vault.CannotUseKey, match="key-file-of-another"):
            vault.unseal_key(sealed, bytes(kid), secret)
