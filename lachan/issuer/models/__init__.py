"""What the issuer keeps. Who may read and write which table: `lachan/issuer/roles.py`."""

from lachan.issuer.models.asked import BatchOrder, RecallRequest
from lachan.issuer.models.foreign import ForeignList, ForeignSigner
from lachan.issuer.models.keys import Authority, Compromise, PrivateKey, SignerKey
from lachan.issuer.models.ledger import Intent, Signature, Unsigned, Waiting
from lachan.issuer.models.lists import ListKind, Publication
from lachan.issuer.models.records import Record, Withdrawal
from lachan.issuer.models.revocations import Reason, Revocation, RevocationOrder, Scope
from lachan.issuer.models.stops import Stop

__all__ = [
    "Authority", "BatchOrder", "Compromise", "ForeignList", "ForeignSigner", "Intent", "ListKind", "PrivateKey",
    "Publication", "Reason", "RecallRequest", "Record", "Revocation", "RevocationOrder", "Scope", "Signature",
    "SignerKey", "Stop", "Unsigned", "Waiting", "Withdrawal",
]  # fmt: skip
