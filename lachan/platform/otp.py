"""Codes by telephone: who types one within ten minutes, in the browser that asked, holds the phone.

A code has 7 digits (23 bits), five tries, one use, and is good for one purpose. Whom a phone belongs to is nobody's
business here: a known and an unknown number get the same answer because the same is done for both.

    otp.ask(phone=…, purpose=DECLARE, session=otp.session_of(request), address=address_of(request), at=…)
    verified = otp.confirm(code=…, purpose=DECLARE, session=otp.session_of(request), at=…)   # VerifiedPhone
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lachan.core.errors import Refusal
from lachan.core.models import IdentifierKind
from lachan.core.sealed import blind_index, seal, unseal
from lachan.platform import messages, ratelimit
from lachan.platform.models import PhoneCode
from lachan.platform.ratelimit import Limit

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DIGITS = 7
VALID = timedelta(minutes=10)
TRIES = 5
A_PHONE = Limit("codes-a-phone", 3, timedelta(minutes=10))
A_PHONE_A_DAY = Limit("codes-a-phone-a-day", 10, timedelta(days=1))
SESSION_KEY = "otp"
TEXT = gettext_lazy(
    "Lá Chắn: your code is %(code)s, to %(what)s. It is valid for 10 minutes. Tell it to nobody, officials"
    " included. If you did not ask for it, do nothing."
)
# The newest code of this browser and purpose; an older one is void as soon as another was asked for.
CONFIRM = """
    UPDATE platform_phonecode SET tries = tries + 1,
        used_at = CASE WHEN code_hash = %(code)s THEN %(at)s::timestamptz END
    WHERE id = (
        SELECT id FROM platform_phonecode WHERE session_hash = %(session)s AND purpose = %(purpose)s
        ORDER BY asked_at DESC, id DESC LIMIT 1
    ) AND used_at IS NULL AND expires_at > %(at)s AND tries < %(most)s
    RETURNING used_at IS NOT NULL, tries, sealed_phone
"""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a code is good for; `what` follows "your code is …, to" in the text."""

    name: str
    what: StrOrPromise


@dataclass(frozen=True, slots=True)
class Asked:
    """`shown` is the code itself in a demonstration, where no text arrives; else empty."""

    expires_at: datetime
    shown: str = ""


@dataclass(frozen=True, slots=True)
class VerifiedPhone:
    """Somebody who held `phone` (E.164) at `at` typed the code of this purpose."""

    phone: str
    purpose: str
    at: datetime

    @property
    def index(self) -> bytes:
        """The blind index under which `Identifier` rows keep the same number."""
        return blind_index(IdentifierKind.PHONE, self.phone)


class CannotConfirm(Refusal):
    """code-wrong: it may be typed again; code-gone: expired, used, tried too often, or asked for elsewhere."""

    status = 422


def session_of(request: HttpRequest) -> str:
    """What only this browser knows, to bind a code to it; made at the first need."""
    if SESSION_KEY not in request.session:
        request.session[SESSION_KEY] = secrets.token_urlsafe(24)
    return str(request.session[SESSION_KEY])


def ask(
    *, phone: str, purpose: Purpose, session: str, address: str, at: datetime, language: str = "vi"
) -> Asked:
    """Send a code to `phone` (E.164). Raises TooMany: this address, this phone, or all together today."""
    _within_limits(phone, address, at)
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    expires_at = at + VALID
    with transaction.atomic(durable=True):
        PhoneCode.objects.create(
            purpose=purpose.name, session_hash=blind_index("otp-session", session),
            code_hash=_hash(code, purpose, session), sealed_phone=seal("otp-phone", phone), asked_at=at,
            expires_at=expires_at,
        )  # fmt: skip
        messages.queue_text(phone=phone, text=_text(code, purpose, language), until=expires_at)
    return Asked(expires_at, shown_as(code) if settings.LACHAN_DEMO else "")


def confirm(*, code: str, purpose: Purpose, session: str, at: datetime) -> VerifiedPhone:
    """The phone whose code this is; the try counts, whatever follows. Raises CannotConfirm."""
    typed = "".join(symbol for symbol in code if symbol.isascii() and symbol.isdigit())
    given: dict[str, Any] = {
        "code": _hash(typed, purpose, session), "session": blind_index("otp-session", session),
        "purpose": purpose.name, "at": at, "most": TRIES,
    }  # fmt: skip
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CONFIRM, given)
        found = cursor.fetchone()
    if found is None or (found[1] >= TRIES and not found[0]):
        raise CannotConfirm("code-gone", _("This code is no longer good. Ask for a new one."))
    right, _tries, sealed = found
    if not right:
        raise CannotConfirm(
            "code-wrong", _("This is not the code that was sent. Compare it and type it again.")
        )
    return VerifiedPhone(unseal("otp-phone", sealed), purpose.name, at)


def shown_as(code: str) -> str:
    """`123 4567`: two groups are easier to keep in mind."""
    return f"{code[:3]} {code[3:]}"


def _within_limits(phone: str, address: str, at: datetime) -> None:
    """The dear one last, so that what another limit refuses costs nothing."""
    an_address = Limit("codes-an-address", settings.CODES_AN_HOUR_AN_ADDRESS, timedelta(hours=1))
    ratelimit.take(an_address, address, at=at)
    ratelimit.take(A_PHONE, phone, at=at)
    ratelimit.take(A_PHONE_A_DAY, phone, at=at)
    ratelimit.take(Limit("codes-a-day", settings.CODES_A_DAY, timedelta(days=1)), "all", at=at)


def _hash(code: str, purpose: Purpose, session: str) -> bytes:
    return blind_index("otp-code", f"{session}\0{purpose.name}\0{code}")


def _text(code: str, purpose: Purpose, language: str) -> str:
    with translation.override(language):
        return str(TEXT) % {"code": shown_as(code), "what": purpose.what}
