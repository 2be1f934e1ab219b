"""The garbage collector of a process that makes many small objects and few cycles."""

import gc

YOUNG = 50_000
MIDDLE, OLD = 20, 100


def settle() -> None:
    """Set what is loaded apart for good and collect seldom; called once when a process has loaded its modules.

    A full collection walks every model, field and page of the program, and thousands of rows and events a second
    bring one on again and again: a fifth of the time that the loop spends in Python.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, OLD)
