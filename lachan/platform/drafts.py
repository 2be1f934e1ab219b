"""What was typed travels sealed inside the page between two steps: nothing of it is kept before it is declared."""

from __future__ import annotations

import base64
import binascii
import json

from cryptography.exceptions import InvalidTag
from django.http import QueryDict

from lachan.core.sealed import seal, unseal

KIND = "declaration-draft"
LONGEST = 60_000
NOT_KEPT = ("csrfmiddlewaretoken", "draft", "code", "without")


def packed(typed: QueryDict) -> str:
    kept = {name: values for name, values in typed.lists() if name not in NOT_KEPT}
    return base64.urlsafe_b64encode(seal(KIND, json.dumps(kept))).decode()


def unpacked(text: str) -> QueryDict | None:
    """What was packed here; None for anything else."""
    if len(text) > LONGEST or not text.isascii():
        return None
    try:
        kept = json.loads(unseal(KIND, base64.urlsafe_b64decode(text)))
    except (binascii.Error, InvalidTag, ValueError):
        return None
    typed = QueryDict(mutable=True)
    for name, values in kept.items():
        typed.setlist(name, values)
    return typed
