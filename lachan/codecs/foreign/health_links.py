"""SMART Health Links and Verifiable Health Links: recognised and named, never fetched.

`shlink:/` or `vhlink:/` and a base64url JSON object {url, key, flag, exp, label, v}, possibly behind the address of
a viewer and `#`. Source: SMART Health Links (HL7/smart-health-cards-and-links, ShlPayload); HealthLinkPayload.fsh of
WorldHealthOrganization/smart-trust. What the link leads to is encrypted with `key`, which is therefore dropped here.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from lachan.codecs.foreign import base64url, moments
from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.shown import shown
from lachan.codecs.foreign.strict_json import read_json
from lachan.codecs.foreign.unpacked import SENTENCES, Kind, Signature, Unpacked, refuse, require

SCHEMES: Final = ("shlink:/", "vhlink:/")


def is_link(text: str) -> bool:
    """Whether the text is a link, bare or behind the address of a viewer."""
    bare = _bare(text)
    return bare.lower().startswith(SCHEMES)


def _bare(text: str) -> str:
    return text.partition("#")[2] if text[:8].lower() == "https://" else text


def read_link(text: str, anchors: Anchors, at: datetime) -> Unpacked:
    """Name the place that a link leads to. Raises FormatError: link-content and those of JSON."""
    return read_payload(open_link(text))


def open_link(text: str) -> dict[str, object]:
    """Return what a link says of itself."""
    require(is_link(text), "link-content")
    packed = _bare(text)[len(SCHEMES[0]) :]
    return read_json(base64url.decode(packed, "link-content", padded=True))


def read_payload(payload: Mapping[str, object], signature: Signature = "unchecked") -> Unpacked:
    """Name the place that an opened link leads to, with its label as number."""
    host = _host(payload.get("url"))
    return Unpacked(
        Kind.HEALTH_LINK,
        "link",
        SENTENCES["link"],
        signature,
        issuer=host,
        number=shown(payload.get("label")),
        expires_at=moments.of_seconds(payload.get("exp")),
        raw={name: value for name, value in payload.items() if name != "key"},
    )


def _host(address: object) -> str:
    require(isinstance(address, str), "link-content")
    try:
        parts = urlsplit(str(address))
        host = parts.hostname
    except ValueError:
        refuse("link-content")
    require(parts.scheme == "https" and host, "link-content")
    return shown(host)
