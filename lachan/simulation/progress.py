"""Says what is being done and how fast, on a terminal; silent elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from rich.console import Console

Steps = Callable[[str, int], AbstractContextManager[None]]


@contextmanager
def silent(label: str, count: int) -> Iterator[None]:
    """Says nothing."""
    yield


def on_console(console: Console | None = None) -> Steps:
    """One line a step: a spinner while it runs, then the time and the rows a second."""
    screen = console or Console(stderr=True)

    @contextmanager
    def step(label: str, count: int) -> Iterator[None]:
        began = time.perf_counter()
        with screen.status(f"{label} ({count:,}) …"):
            yield
        seconds = time.perf_counter() - began
        rate = f", {count / seconds:,.0f}/s" if count and seconds > 0 else ""
        screen.print(f"  {label}: {count:,} in {seconds:.1f} s{rate}")

    return step
