"""The writes of the ledger: records, intents, revocations, stops. The issuer's own writes stand in `signing` and
`keys`."""

from lachan.issuer.commands.batches import reissue_of_key, request_batch
from lachan.issuer.commands.certifying import Backing, certify
from lachan.issuer.commands.foreign import CannotLoad, CannotRemove, load_trust_list, remove_trust_list
from lachan.issuer.commands.records import CannotRecord, correct_backing, record_backing, withdraw_backing
from lachan.issuer.commands.requests import CannotIssue, reissue_certificate, request_certificate
from lachan.issuer.commands.revoking import (
    CannotRevoke,
    declare_compromised,
    revoke_certificate,
    revoke_lot,
    revoke_place,
)
from lachan.issuer.commands.stops import CannotResume, CannotStop, resume_issuing, stop_issuing

__all__ = [
    "Backing",
    "CannotIssue",
    "CannotLoad",
    "CannotRecord",
    "CannotRemove",
    "CannotResume",
    "CannotRevoke",
    "CannotStop",
    "certify",
    "correct_backing",
    "declare_compromised",
    "load_trust_list",
    "record_backing",
    "reissue_certificate",
    "reissue_of_key",
    "remove_trust_list",
    "request_batch",
    "request_certificate",
    "resume_issuing",
    "revoke_certificate",
    "revoke_lot",
    "revoke_place",
    "stop_issuing",
    "withdraw_backing",
]
