"""Certificates per second on one core, beside the limit that no software passes: the signature alone.

    python benchmarks/certificates.py [--quick] [--peers]

Ours and the raw operation of `cryptography` are timed in turn, in short rounds; a figure is the median of the rounds'
ratios. CPU time, so that other work on the machine counts less. Every certificate is another person's. `--peers`
measures `cwt` and `pycose` as well, each in a virtual environment of its own (they need an older CBOR library),
installed from benchmarks/peers.txt with its hashes.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from benchmarks.names import FAMILIES, GIVEN
from lachan.codecs import qr
from lachan.codecs.hcert import (
    Request,
    Signer,
    Trust,
    TrustedKey,
    cose,
    encode,
    encode_many,
    uvci,
    verify,
    verify_many,
)  # fmt: skip
from lachan.codecs.hcert.products import PRODUCTS
from lachan.codecs.hcert.verifying import open_text
from lachan.codecs.transliteration import icao

AT = datetime(2026, 11, 1, 8, tzinfo=UTC)
EXPIRES = AT + timedelta(days=365)
ISSUE_AIM, VERIFY_AIM, DRAW_AIM = 0.6, 0.85, 600
_ECDSA = ec.ECDSA(SHA256())

Payload = dict[str, object]


def payloads(count: int) -> list[Payload]:
    """Vaccinations, tests and recoveries, 8 : 1 : 1, of different people."""
    chance = random.Random(1)
    return [_payload(chance, chance.choices("vtr", (8, 1, 1))[0]) for _ in range(count)]


def _payload(chance: random.Random, kind: str) -> Payload:
    family, given = chance.choice(FAMILIES), " ".join(chance.choices(GIVEN, k=chance.randint(1, 3)))
    born = datetime(1930, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(33_000))
    day = (AT - timedelta(days=chance.randrange(1, 300))).date().isoformat()
    entry: Payload = {"tg": "840539006", "co": "VN", "is": "Bộ Y tế"}
    if kind == "v":
        code, product = chance.choice([(code, found) for code, found in PRODUCTS.items() if found.active])
        entry |= {"vp": product.vaccine, "mp": code, "ma": product.holder, "dn": 2, "sd": 2, "dt": day}
    elif kind == "t":
        entry |= {
            "tt": "LP6464-4",
            "nm": "RT-PCR",
            "sc": f"{day}T08:00:00+07:00",
            "tr": "260415000",
            "tc": "Bạch Mai",
        }
    else:
        entry |= {"fr": day, "df": day, "du": "2027-01-31"}
    entry["ci"] = uvci("VN", f"{chance.getrandbits(128):032X}")
    names = {"fn": family, "fnt": icao(family), "gn": given, "gnt": icao(given)}
    return {"ver": "1.3.0", "nam": names, "dob": born.date().isoformat(), kind: [entry]}


@dataclass(frozen=True, slots=True)
class Bench:
    """Certificates, and what the raw operations need of them."""

    payloads: list[Payload]
    texts: list[str]
    key: ec.EllipticCurvePrivateKey
    signer: Signer
    trust: Trust
    messages: list[bytes]
    signatures: list[bytes]

    @classmethod
    def make(cls, count: int) -> "Bench":
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(key)
        signer = Signer.of_key(key, certificate)
        people = payloads(count)
        texts = [issue(payload, signer) for payload in people]
        envelopes = [open_text(text) for text in texts]
        return cls(
            people,
            texts,
            key,
            signer,
            Trust([TrustedKey.of_certificate(certificate)], as_of=AT),
            [cose.signed_bytes(envelope.protected, envelope.payload) for envelope in envelopes],
            [_der(envelope.signature) for envelope in envelopes],
        )


def _der(signature: bytes) -> bytes:
    return encode_dss_signature(int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))


def _certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "VN")])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 1, AT - timedelta(days=1), AT + timedelta(days=700)
    )
    return made.sign(key, SHA256()).public_bytes(Encoding.DER)


def issue(payload: Payload, signer: Signer) -> str:
    return encode(payload, signer=signer, issuer="VN", issued_at=AT, expires_at=EXPIRES)


def seconds(act: Callable[[], object]) -> float:
    began = time.process_time()
    act()
    return time.process_time() - began


@dataclass(frozen=True, slots=True)
class Pair:
    """Ours and raw per second, and the ratio of the two within a round: medians. `quiet`: of the fastest rounds alone.

    On a busy machine others empty the processor's caches, which our many small steps feel and one long signature does
    not; the fastest twentieth of the rounds of each tells what the machine does by itself.
    """

    ours: float
    raw: float
    ratio: float
    quiet: float


def in_turn(ours: Callable[[slice], object], raw: Callable[[slice], object], total: int, rounds: int) -> Pair:
    """Time both `rounds` times, in turn and who begins changing, each on the next few of `total`.

    Short rounds: what else the machine does then falls on both.
    """
    count = 32
    times = []
    for round_ in range(rounds):
        start = round_ * count % total
        few = slice(start, start + count)
        if round_ % 2:
            first, second = seconds(lambda: ours(few)), seconds(lambda: raw(few))  # noqa: B023
        else:
            second, first = seconds(lambda: raw(few)), seconds(lambda: ours(few))  # noqa: B023
        times.append((first, second))
    return Pair(
        statistics.median(count / first for first, _ in times),
        statistics.median(count / second for _, second in times),
        statistics.median(second / first for first, second in times),
        _fastest(second for _, second in times) / _fastest(first for first, _ in times),
    )


def _fastest(times: Iterable[float]) -> float:
    return statistics.quantiles(times, n=20)[0]


def say(name: str, value: float, aim: float | None = None) -> None:
    """One figure on a line; an aim is the least that will do."""
    verdict = "" if aim is None else f" aim=>={aim:g} {'ok' if value >= aim else 'short'}"
    print(f"{name} value={value:.4g}{verdict}", flush=True)


def measure_issuing(bench: Bench, rounds: int) -> None:
    def ours(few: slice) -> None:
        requests = [Request(payload, "VN", AT, EXPIRES) for payload in bench.payloads[few]]
        deque(encode_many(requests, signer=bench.signer), 0)

    def one_by_one(few: slice) -> None:
        for payload in bench.payloads[few]:
            issue(payload, bench.signer)

    def raw(few: slice) -> None:
        sign = bench.key.sign
        for message in bench.messages[few]:
            sign(message, _ECDSA)

    pair = in_turn(ours, raw, len(bench.payloads), rounds)
    say("raw_p256_signs_per_second", pair.raw)
    say("certificates_issued_per_second", pair.ours)
    say("issue_share_of_raw_signing", pair.ratio, ISSUE_AIM)
    say("issue_share_in_quiet_rounds", pair.quiet)
    single = in_turn(one_by_one, raw, len(bench.payloads), rounds)
    say("issue_one_by_one_share_of_raw_signing", single.ratio)
    say("issue_one_by_one_share_in_quiet_rounds", single.quiet)


def measure_verifying(bench: Bench, rounds: int) -> None:
    if not all(verify(text, trust=bench.trust, at=AT).ok for text in bench.texts):
        raise RuntimeError("a certificate of ours is not valid")

    check = bench.key.public_key().verify

    def ours(few: slice) -> None:
        deque(verify_many(bench.texts[few], trust=bench.trust, at=AT), 0)

    def one_by_one(few: slice) -> None:
        for text in bench.texts[few]:
            verify(text, trust=bench.trust, at=AT)

    def raw(few: slice) -> None:
        for signature, message in zip(bench.signatures[few], bench.messages[few], strict=True):
            check(signature, message, _ECDSA)

    pair = in_turn(ours, raw, len(bench.texts), rounds)
    say("raw_p256_verifies_per_second", pair.raw)
    say("certificates_verified_per_second", pair.ours)
    say("verify_share_of_raw_verifying", pair.ratio, VERIFY_AIM)
    say("verify_share_in_quiet_rounds", pair.quiet)
    single = in_turn(one_by_one, raw, len(bench.texts), rounds)
    say("verify_one_by_one_share_of_raw_verifying", single.ratio)
    say("verify_one_by_one_share_in_quiet_rounds", single.quiet)


def measure_ps256(bench: Bench) -> None:
    key = rsa.generate_private_key(65_537, 2048)
    certificate = _certificate(key)
    signer, trust = Signer.of_key(key, certificate), Trust([TrustedKey.of_certificate(certificate)])
    some = bench.payloads[:50]
    texts = [issue(payload, signer) for payload in some]
    say("ps256_issued_per_second", len(some) / seconds(lambda: [issue(payload, signer) for payload in some]))
    say(
        "ps256_verified_per_second",
        len(some) / seconds(lambda: [verify(t, trust=trust, at=AT) for t in texts]),
    )


def measure_drawing(bench: Bench, count: int) -> None:
    texts = bench.texts[:count]
    say("median_characters", statistics.median(map(len, texts)))
    rates = [len(texts) / seconds(lambda: [qr.matrix(text, level="Q") for text in texts]) for _ in range(3)]
    say("qr_matrices_per_second", statistics.median(rates), DRAW_AIM)
    few = texts[:40]
    say("qr_png_files_per_second", len(few) / seconds(lambda: [qr.png(text, 4, level="Q") for text in few]))


def measure_a_million() -> None:
    """Issued and stored: the issuer's own batch, on a database of its own."""
    subprocess.run([sys.executable, Path(__file__).with_name("issuing.py")], check=True)


def measure_peers(bench: Bench, count: int) -> None:
    """Run peers.py in an environment of its own; it prints its figures."""
    here = Path(__file__).parent
    with tempfile.TemporaryDirectory(prefix="lachan-peers-") as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        options = ("--require-hashes", "-r", here / "peers.txt")
        subprocess.run([python, "-m", "pip", "install", "-q", *options], check=True)
        texts = "\n".join(bench.texts[:count])
        subprocess.run([python, here / "peers.py"], input=texts, text=True, check=True)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds, in under 50 s")
    parser.add_argument("--peers", action="store_true", help="measure cwt and pycose too (installs them)")
    given = parser.parse_args(arguments)
    print(f"load average {os.getloadavg()[0]:.2f}", flush=True)
    bench = Bench.make(320)
    rounds = 151 if given.quick else 1_501
    measure_issuing(bench, rounds)
    measure_verifying(bench, rounds)
    measure_ps256(bench)
    measure_drawing(bench, 100 if given.quick else 300)
    measure_a_million()
    if given.peers:
        measure_peers(bench, 200)
    else:
        print("peers cwt, pycose: not run (--peers)")
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
