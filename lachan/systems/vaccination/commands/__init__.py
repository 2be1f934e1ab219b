"""Everything that writes in vaccination, gathered from its parts."""

from lachan.systems.vaccination.commands.correcting import (
    CannotCorrect,
    ask_correction,
    confirm_correction,
    refuse_correction,
)
from lachan.systems.vaccination.commands.covering import count_doses, count_residents
from lachan.systems.vaccination.commands.deciding import (
    CannotDecide,
    approve_registrations,
    reject_registrations,
)
from lachan.systems.vaccination.commands.ending import (
    answer_invitation,
    cancel_session,
    withdraw_registration,
)
from lachan.systems.vaccination.commands.inviting import CannotInvite, invite_people
from lachan.systems.vaccination.commands.ledger import CannotMoveDoses
from lachan.systems.vaccination.commands.line import (
    CannotServe,
    Examined,
    LineRecord,
    close_session,
    end_observation,
    give_elsewhere,
    inject,
    leave,
    people_who_came,
    receive,
    record_doses,
    screen,
    who_came,
    withdraw_dose,
)
from lachan.systems.vaccination.commands.lists import CannotAccept, accept_list, read_list
from lachan.systems.vaccination.commands.losses import adjust_count, waste_doses
from lachan.systems.vaccination.commands.lots import hold_lot, recall_lot, release_lot
from lachan.systems.vaccination.commands.reacting import CannotReport, report_reaction, take_step
from lachan.systems.vaccination.commands.recalling import CannotTell, finish_round, tell_recipients
from lachan.systems.vaccination.commands.receipts import record_receipt
from lachan.systems.vaccination.commands.registering import (
    CannotRegister,
    register_by_phone,
    register_for_vaccination,
)
from lachan.systems.vaccination.commands.reminding import remind_due, remind_invited
from lachan.systems.vaccination.commands.sessions import CannotPlan, plan_session
from lachan.systems.vaccination.commands.stores import open_store
from lachan.systems.vaccination.commands.transfers import receive_transfer, return_doses, send_transfer
from lachan.systems.vaccination.commands.uniting import follow_roots
from lachan.systems.vaccination.commands.vials import open_vial, take_back_dose, take_dose

__all__ = [
    "CannotAccept",
    "CannotCorrect",
    "CannotDecide",
    "CannotInvite",
    "CannotMoveDoses",
    "CannotPlan",
    "CannotRegister",
    "CannotReport",
    "CannotServe",
    "CannotTell",
    "Examined",
    "LineRecord",
    "accept_list",
    "adjust_count",
    "answer_invitation",
    "approve_registrations",
    "ask_correction",
    "cancel_session",
    "close_session",
    "confirm_correction",
    "count_doses",
    "count_residents",
    "end_observation",
    "finish_round",
    "follow_roots",
    "give_elsewhere",
    "hold_lot",
    "inject",
    "invite_people",
    "leave",
    "open_store",
    "open_vial",
    "people_who_came",
    "plan_session",
    "read_list",
    "recall_lot",
    "receive",
    "receive_transfer",
    "record_doses",
    "record_receipt",
    "refuse_correction",
    "register_by_phone",
    "register_for_vaccination",
    "reject_registrations",
    "release_lot",
    "remind_due",
    "remind_invited",
    "report_reaction",
    "return_doses",
    "screen",
    "send_transfer",
    "take_back_dose",
    "take_dose",
    "take_step",
    "tell_recipients",
    "waste_doses",
    "who_came",
    "withdraw_dose",
    "withdraw_registration",
]
