"""Keys in a PKCS#11 token: SoftHSM stands for the hardware."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lachan.codecs.hcert import Trust, TrustedKey, verify
from lachan.issuer import tokens
from lachan.issuer.models import PrivateKey, Signature
from lachan.issuer.tests.conftest import AT, SECRET, Office
from lachan.issuer.vault import CannotUseKey, SealedKeys

LIBRARIES = [Path("/usr/lib/softhsm/libsofthsm2.so"), *Path("/usr/lib").glob("*/softhsm/libsofthsm2.so")]


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A fresh token; the library reads where it lies once in the life of a process."""
    library = next((path for path in LIBRARIES if path.exists()), None)
    if library is None or not shutil.which("softhsm2-util"):
        pytest.skip("SoftHSM is not installed: apt-get install softhsm2")
    pytest.importorskip("pkcs11", reason="python-pkcs11 is not installed")
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nlog.level = ERROR\n")
    (folder / "pin").write_text("31415926\n")
    os.environ |= {
        "SOFTHSM2_CONF": str(folder / "softhsm2.conf"), "LACHAN_PKCS11_MODULE": str(library),
        "LACHAN_PKCS11_TOKEN": "lachan", "LACHAN_PKCS11_PIN_FILE": str(folder / "pin"),
    }  # fmt: skip
    made = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "lachan",
        "--so-pin",
        "27182818",
        "--pin",
        "31415926",
    ]
    subprocess.run(made, check=True, capture_output=True)


@pytest.mark.django_db
@pytest.mark.parametrize("algorithm", ["ES256", "PS256"])
def test_a_key_in_a_token_signs_what_verifies(token: None, bare_office: Office, algorithm: str) -> None:
    key = bare_office.key_in_use(new=tokens.new_key(f"signer {algorithm}", algorithm))
    assert PrivateKey.objects.get(key=key).sealed is None
    bare_office.keyring = tokens.TokenKeys(SealedKeys(SECRET))  # type: ignore[assignment]
    text = Signature.objects.get(intent=bare_office.issued()).text
    verdict = verify(text, trust=Trust([TrustedKey.of_certificate(bytes(key.certificate))]), at=AT)
    assert verdict.ok, verdict.sentence
    assert verdict.key is not None
    assert key.algorithm == algorithm


@pytest.mark.django_db
def test_sealed_keys_go_on_beside_a_token(token: None, office: Office) -> None:
    office.keyring = tokens.TokenKeys(SealedKeys(SECRET))  # type: ignore[assignment]
    assert Signature.objects.get(intent=office.issued()).text


def test_a_private_key_does_not_leave_the_token(token: None) -> None:
    import pkcs11

    tokens.new_key("kept", "ES256")
    private = tokens.session().get_key(object_class=pkcs11.ObjectClass.PRIVATE_KEY, label="kept")
    assert private[pkcs11.Attribute.SENSITIVE]
    assert not private[pkcs11.Attribute.EXTRACTABLE]
    with pytest.raises(pkcs11.exceptions.PKCS11Error):
        private[pkcs11.Attribute.VALUE]


def test_without_a_token_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens.session.cache_clear()
    for name in tokens.NAMED:
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(CannotUseKey, match="no-token"):
        tokens.session()
