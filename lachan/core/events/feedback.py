"""What happens to citizens' reports. What a report says, and who is named in it, stands in no event."""

from dataclasses import dataclass

from lachan.core.events.envelope import Event


@dataclass(frozen=True, kw_only=True)
class ReportFiled(Event):
    report_id: int
    category: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class UrgentReportFiled(Event):
    """`call_back`: the reporter left a number and is to be called at once."""

    report_id: int
    category: str
    call_back: bool


@dataclass(frozen=True, kw_only=True)
class ReportTaken(Event):
    """Somebody took it on: from now on they may read it."""

    report_id: int


@dataclass(frozen=True, kw_only=True)
class ReportAcknowledged(Event):
    report_id: int


@dataclass(frozen=True, kw_only=True)
class ReportHandedOn(Event):
    report_id: int
    category: str


@dataclass(frozen=True, kw_only=True)
class ReportEscalated(Event):
    """Nothing was done in time: it is the turn of the unit at `step` of the ladder."""

    report_id: int
    step: int


@dataclass(frozen=True, kw_only=True)
class ReportAnswered(Event):
    report_id: int


@dataclass(frozen=True, kw_only=True)
class ReportRefused(Event):
    """It is for no office here to answer, says who refused it."""

    report_id: int


@dataclass(frozen=True, kw_only=True)
class ReportReopened(Event):
    report_id: int


@dataclass(frozen=True, kw_only=True)
class ReportRated(Event):
    """`stars` 1 to 5, by the reporter."""

    report_id: int
    stars: int


@dataclass(frozen=True, kw_only=True)
class ReportClosed(Event):
    report_id: int


@dataclass(frozen=True, kw_only=True)
class ReportsJoined(Event):
    """`duplicate_id` tells of the same as `report_id`."""

    report_id: int
    duplicate_id: int


@dataclass(frozen=True, kw_only=True)
class ReportsSeparated(Event):
    report_id: int
    duplicate_id: int


@dataclass(frozen=True, kw_only=True)
class ReportsClustered(Event):
    """`reports` of one category from one area within the hours of the policy; caused by the last of them."""

    cluster_id: int
    category: str
    area_code: str
    reports: int


@dataclass(frozen=True, kw_only=True)
class CallBackPlanned(Event):
    report_id: int


@dataclass(frozen=True, kw_only=True)
class CallBackMade(Event):
    report_id: int
    outcome: str
