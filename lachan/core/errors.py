"""The base of every refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Refusal(Exception):
    """A request that the rules turn down: a code for machines, a translatable sentence for people.

    `status` is the HTTP answer at a door: 409 for what the state forbids; subclasses for bad input say 422.
    """

    status = 409

    def __init__(self, code: str, message: StrOrPromise) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"
