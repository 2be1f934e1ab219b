"""Three devices, cut off and joined again, sending late and twice: the visits are those of an oracle."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from lachan.core import actors, places
from lachan.core.codes import new_code
from lachan.core.models import Area, PlaceKind, Presence
from lachan.core.persons import Identity, register
from lachan.systems.checkpoints.commands import (
    Reading,
    match_unknown,
    record_batch,
    register_device,
    revoke_device,
    visits,
)
from lachan.systems.checkpoints.models import Device, Scan
from lachan.systems.checkpoints.tests.conftest import AT

MINUTE = timedelta(minutes=1)
BEGIN = AT - timedelta(days=3)
STAY, DUPLICATE, LONGEST = timedelta(minutes=120), 5 * MINUTE, timedelta(hours=16)


@dataclass(frozen=True)
class Passed:
    """What really happened at a gate, and the device that saw it."""

    device: int
    client_id: str
    who: int
    direction: str
    at: datetime


def expected(seen: list[Passed]) -> tuple[set[tuple[datetime, datetime]], set[str], set[str]]:
    """Visits, repeated scans and exits without an entry, of one person at one place, said declaratively."""
    ordered = sorted(seen, key=lambda s: (s.at, s.direction, s.client_id))
    counted: list[Passed] = []
    for scan in ordered:
        if not (
            counted and counted[-1].direction == scan.direction and scan.at - counted[-1].at <= DUPLICATE
        ):
            counted.append(scan)
    visits, paired = set(), set()
    for number, scan in enumerate(counted):
        after = counted[number + 1] if number + 1 < len(counted) else None
        if scan.direction == "in":
            ends = scan.at + STAY
            if after and after.direction == "out" and after.at - scan.at <= LONGEST:
                ends = max(after.at, scan.at + timedelta(seconds=1))
                paired.add(after.client_id)
            elif after and after.direction == "in":
                ends = min(ends, after.at)
            visits.add((scan.at, ends))
    repeated = {s.client_id for s in ordered} - {s.client_id for s in counted}
    return visits, repeated, {s.client_id for s in counted if s.direction == "out"} - paired


class Offline(RuleBasedStateMachine):
    """Persons 0 and 1 are known; the code of 2 is matched to somebody only later, if at all."""

    area: Area

    @initialize(offsets=st.lists(st.integers(-86_400, 86_400), min_size=3, max_size=3))
    def open_gates(self, offsets: list[int]) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.actor = actors.system(at=AT)
        gates = [
            places.open_place(kind=PlaceKind.VENUE, name=name, area=self.area, at=BEGIN)
            for name in ("Chợ", "Bến xe")
        ]
        self.devices: list[Device] = [
            register_device(place=gates[n // 2], name=f"Máy {n}", actor=self.actor, at=BEGIN)[0]
            for n in range(3)
        ]
        people = [register(Identity(name=name), actor=self.actor, at=BEGIN) for name in ("An", "Bình", "Chi")]
        self.pks = [p.pk for p in people]
        self.codes = [people[0].code, people[1].code, new_code()]
        self.third = people[2]
        self.offsets = [timedelta(seconds=s) for s in offsets]
        self.queues: list[list[Passed]] = [[], [], []]
        self.sent: list[Passed] = []
        self.uploaded: list[Passed] = []
        self.revoked: dict[int, datetime] = {}
        self.matched = False
        self.number = 0

    @rule(
        device=st.integers(0, 2), who=st.integers(0, 2), direction=st.sampled_from(["in", "in", "out"]),
        minute=st.integers(0, 3 * 24 * 60),
    )  # fmt: skip
    def scan(self, device: int, who: int, direction: str, minute: int) -> None:
        self._see(device, who, direction, BEGIN + minute * MINUTE)

    @precondition(lambda self: any(self.queues) or self.sent)
    @rule(
        device=st.integers(0, 2), direction=st.sampled_from(["in", "out"]), minutes=st.integers(0, 150),
        which=st.integers(0),
    )  # fmt: skip
    def scan_soon_after_another(self, device: int, direction: str, minutes: int, which: int) -> None:
        others = [s for queue in self.queues for s in queue] + self.sent
        other = others[which % len(others)]
        self._see(device, other.who, direction, other.at + minutes * MINUTE)

    def _see(self, device: int, who: int, direction: str, at: datetime) -> None:
        self.number += 1
        self.queues[device].append(Passed(device, f"c{self.number}", who, direction, at))

    @rule(device=st.integers(0, 2), share=st.floats(0.1, 1), repeat=st.integers(0, 3), shuffle=st.randoms())
    def upload(self, device: int, share: float, repeat: int, shuffle: Any) -> None:
        """Some of the queue, in any order, with some that were sent before."""
        queue = self.queues[device]
        shuffle.shuffle(queue)
        count = round(len(queue) * share)
        batch, self.queues[device] = queue[:count], queue[count:]
        own = [s for s in self.sent if s.device == device]
        again = shuffle.sample(own, min(repeat, len(own)))
        self._send(device, [*batch, *again, *again[:1]])

    def _send(self, device: int, batch: list[Passed]) -> None:
        offset = self.offsets[device]
        readings = [
            Reading(
                client_id=s.client_id,
                text=self.codes[s.who],
                direction=s.direction,
                device_time=s.at - offset,
            )
            for s in batch
        ]
        scans = record_batch(
            device=self.devices[device],
            readings=readings,
            actor=self.devices[device].actor,
            at=AT,
            device_now=AT - offset,
        )
        assert [s.client_id for s in scans] == [s.client_id for s in batch]
        self.sent += [s for s in batch if s not in self.sent]

    @precondition(lambda self: not self.matched and any(s.who == 2 for s in self.sent))
    @rule()
    def learn_whose_code_it_is(self) -> None:
        scan = Scan.objects.filter(person__isnull=True).order_by("happened_at")[0]
        match_unknown(scan=scan, person=self.third, actor=self.actor, at=AT)
        self.matched = True
        self.codes[2] = self.third.code  # from now on the paper with the right code is used

    @rule(device=st.integers(0, 2), minute=st.integers(0, 3 * 24 * 60))
    def revoke(self, device: int, minute: int) -> None:
        if device not in self.revoked and not any(s.device == device for s in self.sent):
            self.revoked[device] = BEGIN + minute * MINUTE
            revoke_device(device=self.devices[device], actor=self.actor, at=self.revoked[device])

    @invariant()
    def the_visits_are_those_of_the_oracle(self) -> None:
        if not hasattr(self, "sent"):
            return
        assert Scan.objects.count() == len(self.sent)
        groups: dict[tuple[int, int], list[Passed]] = defaultdict(list)
        for s in self.sent:
            known = s.who < 2 or self.matched
            if known and (s.device not in self.revoked or s.at < self.revoked[s.device]):
                groups[self.pks[s.who], self.devices[s.device].place_id].append(s)
        visits = set()
        repeated: set[str] = set()
        no_entry: set[str] = set()
        for (person, place), seen in groups.items():
            spans, again, alone = expected(seen)
            visits |= {(person, place, *span) for span in spans}
            repeated, no_entry = repeated | again, no_entry | alone
        assert set(Presence.objects.values_list("person_id", "place_id", "starts_at", "ends_at")) == visits
        assert Presence.objects.count() == len(visits)
        marked = {mark: _marked(mark) for mark in ("duplicate", "no_entry", "revoked_device")}
        assert (marked["duplicate"], marked["no_entry"]) == (repeated, no_entry)
        assert marked["revoked_device"] == {s.client_id for s in self.sent if s.device in self.revoked}

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            for device in range(3):
                self._send(device, self.queues[device])
            self.the_visits_are_those_of_the_oracle()
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)


def _marked(mark: str) -> set[str]:
    return set(Scan.objects.filter(marks__contains=[mark]).values_list("client_id", flat=True))


@pytest.mark.django_db
def test_whatever_the_order_the_same_visits_come_out(area: Area) -> None:
    Offline.area = area
    run_state_machine_as_test(
        Offline, settings=settings(max_examples=40, stateful_step_count=20, deadline=None)
    )


@pytest.mark.django_db
def test_the_oracle_notices_when_earlier_scans_are_forgotten(
    area: Area, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the stored scans the order of arrival shows."""
    Offline.area = area
    monkeypatch.setattr(visits, "COUNTING", Q(pk__in=[]))
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Offline,
            settings=settings(
                max_examples=200,
                deadline=None,
                phases=[Phase.generate],
                derandomize=True,
                report_multiple_bugs=False,
            ),
        )
