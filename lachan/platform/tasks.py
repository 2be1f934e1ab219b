"""What the platform does later."""

from lachan.core import clock
from lachan.platform import jobs, messages


@jobs.task(queue="messages")
def send_waiting_messages() -> None:
    messages.send_waiting(at=clock.now())
