"""One door for every certificate that a traveller may show."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from lachan.codecs.errors import FormatError
from lachan.codecs.fields import LONGEST_QR
from lachan.codecs.foreign import divoc, hc1, health_cards, health_links, vds_nc
from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.strict_json import read_json
from lachan.codecs.foreign.unpacked import SENTENCES, Kind, Unpacked, refuse, refused, require

LONGEST_JOINED: Final = 20_000  # a health card in several codes, or as a file

Reader = Callable[[str, Anchors, datetime], Unpacked]


def unpack(text: str, *, anchors: Anchors, at: datetime) -> Unpacked:
    """Read a certificate of any known kind, recognised by its first characters. Never raises.

    `at` is an aware moment. What cannot be read comes back with the code of the reason and no content.
    """
    bare = text[: LONGEST_JOINED + 1].removeprefix("\ufeff").strip() if text else ""
    kind, longest, reader = _recognise(bare)
    try:
        require(len(text) <= longest, "length")
        return reader(bare, anchors, at)
    except FormatError as error:
        return refused(kind, error)
    except Exception:  # the promise of this function; tests look for it under mutation
        return refused(kind, FormatError("broken", SENTENCES["broken"]))


def _recognise(bare: str) -> tuple[Kind, int, Reader]:
    start = bare[:5].lower()
    if start.startswith("hc1:"):
        return Kind.DCC, LONGEST_QR, hc1.read_hc1
    if start == "shc:/":
        return Kind.SHC, LONGEST_JOINED, health_cards.read_digits
    if start.startswith("eyj"):
        return Kind.SHC, LONGEST_JOINED, health_cards.read_jws
    if start.startswith(("b64:", "pk\x03\x04")):
        return Kind.DIVOC, LONGEST_QR, divoc.read_code
    if start.startswith("{"):
        return Kind.UNKNOWN, LONGEST_JOINED, _read_json
    if health_links.is_link(bare):
        return Kind.HEALTH_LINK, LONGEST_QR, health_links.read_link
    return Kind.UNKNOWN, LONGEST_QR, _read_nothing


def _read_json(bare: str, anchors: Anchors, at: datetime) -> Unpacked:
    """Three kinds are JSON: a seal, the file of a health card, a DIVOC credential out of its zip."""
    content = read_json(bare)
    kind, read = _kind_of_json(content)
    try:
        return read(content, anchors, at)
    except FormatError as error:
        return refused(kind, error)


def _kind_of_json(
    content: dict[str, object],
) -> tuple[Kind, Callable[[dict[str, object], Anchors, datetime], Unpacked]]:
    if "data" in content and "sig" in content:
        return Kind.VDS_NC, vds_nc.read_seal
    if "verifiableCredential" in content:
        return Kind.SHC, health_cards.read_file
    if "credentialSubject" in content:
        return Kind.DIVOC, divoc.read_credential
    return refuse("unknown-kind")


def _read_nothing(bare: str, anchors: Anchors, at: datetime) -> Unpacked:
    refuse("unknown-kind")
