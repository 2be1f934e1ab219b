from lachan.systems.declarations.commands.answering import CannotCall, record_call
from lachan.systems.declarations.commands.claiming import CannotClaim, claim_declaration
from lachan.systems.declarations.commands.declaring import (
    CannotDeclare,
    Sender,
    correct_declaration,
    submit_declaration,
)
from lachan.systems.declarations.commands.diaries import link_of, remind_diaries, remind_silent

__all__ = [
    "CannotCall", "CannotClaim", "CannotDeclare", "Sender", "claim_declaration", "correct_declaration",
    "link_of", "record_call", "remind_diaries", "remind_silent", "submit_declaration",
]  # fmt: skip
