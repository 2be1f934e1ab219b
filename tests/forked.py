"""Work in a child made by fork: it stands within milliseconds, and may be killed."""

import os
import traceback
from collections.abc import Callable

from django.db import connections


def forked(work: Callable[[], object]) -> int:
    """The child's pid. It has connections of its own, and ends with `work`: 0, or 1 with what went wrong on stderr.

    Once Playwright has run in this process, a loop seems to run in its main thread, and Django keeps the connections
    of "async" code apart from others. In the child no loop runs: it would find those of before, still open, and talk
    over the parent's socket. So it forgets all it has inherited.
    """
    connections.close_all()
    if pid := os.fork():
        return pid
    try:
        for alias in connections:
            connections[alias] = connections.create_connection(alias)
        work()
    except BaseException:  # a child that raises must not go on as a second run of the tests
        traceback.print_exc()
        os._exit(1)
    os._exit(0)
