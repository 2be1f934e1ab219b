"""What the platform does later and by the clock."""

from lachan.core import clock
from lachan.platform import idempotency, jobs, messages


@jobs.task(queue="messages")
def send_waiting_messages() -> None:
    messages.send_waiting(at=clock.now())


@jobs.every("40 19 * * *")
def forget_old_answers() -> None:
    idempotency.forget(before=clock.now() - idempotency.KEPT)
