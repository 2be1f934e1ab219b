"""Trouble that lasts is logged when it begins and when it is over, not each time that somebody looks."""

from dataclasses import dataclass
from logging import Logger


@dataclass(slots=True)
class Notice:
    """What was said last, and is so still."""

    log: Logger
    said: str = ""

    def say(self, trouble: str) -> None:
        """`trouble` is one that is so now, or "" where there is none."""
        if trouble and trouble != self.said:
            self.log.error(trouble)
        elif self.said and not trouble:
            self.log.info("over: %s", self.said)
        self.said = trouble
