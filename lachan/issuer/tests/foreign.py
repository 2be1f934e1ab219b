"""Another country's signer, its list in each form, and what it signs."""

import json
from base64 import b64encode
from datetime import datetime, timedelta
from typing import Any

from lachan.codecs.hcert import Signer, encode
from lachan.codecs.hcert.keys import key_number
from lachan.codecs.revoked import id_hash, write_revoked
from lachan.codecs.tests.hcert.making import certificate, ec_key
from lachan.core.models import Actor
from lachan.issuer import commands
from lachan.issuer.models import ForeignList
from lachan.issuer.tests.conftest import AT

DAY = timedelta(days=1)
UVCI = "URN:UVCI:01:FR:ABC"


def der(name: str = "fr", country: str = "FR") -> bytes:
    return certificate(ec_key(name), country=country, start=AT - 30 * DAY, end=AT + 400 * DAY)


def signer(name: str = "fr", country: str = "FR") -> Signer:
    return Signer.of_key(ec_key(name), der(name, country))


def gateway(*ders: bytes) -> bytes:
    """The EU's form."""
    rows = [
        {
            "kid": b64encode(key_number(each)).decode(),
            "certificateType": "DSC",
            "rawData": b64encode(each).decode(),
        }
        for each in ders
    ]
    return json.dumps(rows).encode()


def text(by: Signer | None = None, *, country: str = "FR", says: str = "FR") -> str:
    entry = {
        "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215", "dn": 2, "sd": 2,
        "dt": "2026-10-20", "co": says, "is": "Ministère", "ci": UVCI,
    }  # fmt: skip
    names = {"fn": "Dupont", "fnt": "DUPONT", "gn": "Anne", "gnt": "ANNE"}
    return encode(
        {"ver": "1.3.0", "nam": names, "dob": "1980-04-08", "v": [entry]}, signer=by or signer(), issuer=country,
        issued_at=AT - DAY, expires_at=AT + 30 * DAY,
    )  # fmt: skip


def took_back(*ids: str, at: datetime = AT, by: Signer | None = None) -> bytes:
    return write_revoked([id_hash(i) for i in ids], [], made_at=at, next_at=at + DAY, signer=by or signer())


def load(actor: Actor, content: bytes | None = None, *, at: datetime = AT, **more: Any) -> ForeignList:
    given: dict[str, Any] = {"country": "FR", "source": "gateway", "fetched_at": at} | more
    return commands.load_trust_list(content=content or gateway(der()), actor=actor, at=at, **given)
