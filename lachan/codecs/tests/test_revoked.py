"""The list that offline verifiers carry: exact in what it holds, total on any bytes, wrong by a known measure."""

import mmap
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from lachan.codecs.errors import FormatError
from lachan.codecs.hcert import Signer, TrustedKey
from lachan.codecs.revoked import HASH_BYTES, Revoked, id_hash, signature_hash, write_revoked

AT = datetime(2026, 11, 20, tzinfo=UTC)
NEXT = AT + timedelta(days=1)


def key_pair() -> tuple[Signer, TrustedKey]:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "VN")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
    built = built.serial_number(1).not_valid_before(AT).not_valid_after(NEXT)
    der = built.sign(private, SHA256()).public_bytes(Encoding.DER)
    return Signer.of_key(private, der), TrustedKey.of_certificate(der)


SIGNER, KEY = key_pair()


def written(ids: list[str], signatures: list[bytes], size: int = HASH_BYTES) -> bytes:
    return write_revoked(
        (id_hash(i, size) for i in ids), (signature_hash(s, size) for s in signatures), made_at=AT, next_at=NEXT,
        signer=SIGNER, size=size,
    )  # fmt: skip


@given(st.sets(st.text(min_size=1)), st.sets(st.binary()), st.text(), st.binary())
def test_what_is_listed_is_held_and_nothing_else(
    ids: set[str], signatures: set[bytes], other_id: str, other: bytes
) -> None:
    read = Revoked(written(list(ids), list(signatures)))
    assert all(read.holds(i, b"\0never\0") for i in ids)
    assert all(read.holds(None, s) for s in signatures)
    expected = (bool(other_id) and other_id in ids) or other in signatures
    assert read.holds(other_id, other) == expected
    assert (read.made_at, read.next_at, read.kid) == (AT, NEXT, SIGNER.kid)


def test_a_signature_turned_over_is_listed_as_the_original() -> None:
    """(r, -s) verifies as (r, s) does; a signature of RSA is taken whole."""
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    signature = SIGNER.sign(b"a certificate")
    mirrored = signature[:32] + (order - int.from_bytes(signature[32:])).to_bytes(32)
    listed = Revoked(written([], [signature]))
    assert listed.holds(None, signature)
    assert listed.holds(None, mirrored)
    rsa = bytes(range(256))
    assert signature_hash(rsa) != signature_hash(rsa[:255] + b"0")


@given(st.integers(0, 300), st.integers(4, 32))
def test_any_length_of_list_and_hash(count: int, size: int) -> None:
    ids = [f"URN:UVCI:01:VN:{n}#X" for n in range(count)]
    read = Revoked(written(ids, [], size))
    assert len(read) == count
    assert all(read.holds(i, b"") for i in ids)


def test_a_list_is_signed_by_who_is_trusted_for_it() -> None:
    content = written(["a"], [b"b"])
    assert Revoked(content).require_signer([KEY]) == KEY
    _signer, stranger = key_pair()
    with pytest.raises(FormatError, match="kid-unknown"):
        Revoked(content).require_signer([stranger])
    for place in (8, 30, 45, len(content) - 1):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(FormatError):
            Revoked(bytes(changed)).require_signer([KEY])


def test_it_is_read_from_a_memory_map(tmp_path: Path) -> None:
    file = tmp_path / "revoked"
    file.write_bytes(written(["a", "b"], []))
    with file.open("rb") as opened:
        read = Revoked(memoryview(mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)))
    assert read.holds("a", b"")
    assert not read.holds("c", b"")


BROKEN: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("revoked-format", lambda _c: b""),
    ("revoked-format", lambda c: c[:39]),
    ("revoked-format", lambda c: b"XXXX" + c[4:]),
    ("revoked-format", lambda c: c[:4] + b"\x02" + c[5:]),
    ("revoked-format", lambda c: c[:5] + b"\x03" + c[6:]),
    ("revoked-format", lambda c: c[:8] + b"\xff" * 16 + c[24:]),
    ("revoked-length", lambda c: c[:-1]),
    ("revoked-length", lambda c: c + b"\0"),
    ("revoked-length", lambda c: c[:60]),
    ("revoked-length", lambda c: c[:24] + b"\xff\xff\xff\xff" + c[28:]),
]


@pytest.mark.parametrize(("code", "breaking"), BROKEN)
def test_what_is_no_list_is_refused(code: str, breaking: Callable[[bytes], bytes]) -> None:
    with pytest.raises(FormatError) as refused:
        Revoked(breaking(written(["a", "b", "c"], [b"d"])))
    assert refused.value.code == code


@given(st.binary(max_size=200))
def test_any_bytes_are_a_list_or_refused(content: bytes) -> None:
    with suppress(FormatError):
        Revoked(b"LCRL\x01\x07" + content).holds("a", b"b")


def test_hashes_of_another_length_are_not_written() -> None:
    with pytest.raises(ValueError, match="7 bytes"):
        write_revoked([b"short"], [], made_at=AT, next_at=NEXT, signer=SIGNER)


@pytest.mark.parametrize(("entries", "size"), [(20_000, 4)])
def test_false_alarms_are_as_frequent_as_calculated(entries: int, size: int) -> None:
    """Measured where it can be: at 4 bytes and a millionfold chance. The law then gives the figure of 7 bytes."""
    ids = {sha256(n.to_bytes(8, "big")).digest()[:size] for n in range(entries)}
    read = Revoked(write_revoked(ids, [], made_at=AT, next_at=NEXT, signer=SIGNER, size=size))
    tries, numbers = 400_000, random.Random(7)
    hits = sum(read.holds(f"{numbers.getrandbits(80)}", b"") for _ in range(tries))
    expected = tries * entries / 256**size
    assert abs(hits - expected) <= 5 * expected**0.5 + 1
    assert 2 * 10_000_000 / 256**HASH_BYTES <= 1e-9
