"""What the platform does later."""

from uuid import UUID

from lachan.core import clock
from lachan.platform import exports, jobs, messages


@jobs.task(queue="messages")
def send_waiting_messages() -> None:
    messages.send_waiting(at=clock.now())


@jobs.task(queue="exports")
def write_export(export: str) -> None:
    exports.write(UUID(export), at=clock.now())


@jobs.every("* * * * *")
def take_up_what_was_left() -> None:
    """Each minute: jobs that a killed worker had in hand go back to the queue."""
    jobs.take_up_left()


@jobs.task(queue="messages", priority=jobs.SOMEBODY_WAITS)
def send_sealed_text(sealed: str) -> None:
    messages.send_text(sealed, at=clock.now())
