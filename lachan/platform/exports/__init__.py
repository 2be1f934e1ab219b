"""Lists as files: asked for by a posting, written by a job, fetched once ready, gone after a day.

A system says what may be exported (`Source`); the site offers it (`offer`). The door of a list calls `answer`: a short
list is the answer itself, a long one becomes a job and a line on the page of exports.

Where the file is kept: in the database, in pieces of one batch of rows. The worker that writes and the web process
that hands out may be two machines with nothing in common but the database; a piece and the count of its rows are one
transaction, and `ready_at` comes with the last of them, so that a worker killed in the middle leaves nothing that
could be fetched; no list of people lies about in a folder, and whoever removes the row has removed the file. Neither
side ever holds more than one piece (about 2,000 rows, under a megabyte).
"""

from lachan.platform.exports.asking import (
    KEPT,
    ExportNotVisible,
    TooManyExports,
    again,
    answer,
    ask,
    discard,
    is_still,
    of_posting,
    own,
)
from lachan.platform.exports.fetching import NotReady, fetch
from lachan.platform.exports.sheets import TooLong, harmless
from lachan.platform.exports.sources import Source, offer, offered_to, source_of
from lachan.platform.exports.writing import write

__all__ = [
    "KEPT",
    "ExportNotVisible",
    "NotReady",
    "Source",
    "TooLong",
    "TooManyExports",
    "again",
    "answer",
    "ask",
    "discard",
    "fetch",
    "harmless",
    "is_still",
    "of_posting",
    "offer",
    "offered_to",
    "own",
    "source_of",
    "write",
]
