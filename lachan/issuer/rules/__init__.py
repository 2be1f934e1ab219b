"""What may be certified, for how long, and with which key. Pure."""

from lachan.issuer.rules.facts import (
    DISEASE,
    KINDS,
    Dose,
    Facts,
    Kind,
    LabTest,
    Recovery,
    RefusedFacts,
    check_facts,
    facts_from,
    facts_json,
    next_reference,
)
from lachan.issuer.rules.keylife import (
    LIFE,
    NOTICE,
    ROTATE_BEFORE,
    Key,
    KeyPlan,
    KeyStage,
    key_to_use,
    plan_next,
    plan_use,
    stage,
)
from lachan.issuer.rules.payload import Holder, entry_of, payload_of
from lachan.issuer.rules.products import PAIRS, belong_together
from lachan.issuer.rules.validity import LONGEST, expiry, validity_problem

__all__ = [
    "DISEASE",
    "KINDS",
    "LIFE",
    "LONGEST",
    "NOTICE",
    "PAIRS",
    "ROTATE_BEFORE",
    "Dose",
    "Facts",
    "Holder",
    "Key",
    "KeyPlan",
    "KeyStage",
    "Kind",
    "LabTest",
    "Recovery",
    "RefusedFacts",
    "belong_together",
    "check_facts",
    "entry_of",
    "expiry",
    "facts_from",
    "facts_json",
    "key_to_use",
    "next_reference",
    "payload_of",
    "plan_next",
    "plan_use",
    "stage",
    "validity_problem",
]
