"""Foreign health certificates, read only: one door, `unpack`, for all that travellers show at a border post."""

from lachan.codecs.foreign.anchors import Anchors
from lachan.codecs.foreign.door import unpack
from lachan.codecs.foreign.unpacked import SENTENCES, About, Entry, Holder, Kind, Unpacked

__all__ = ["SENTENCES", "About", "Anchors", "Entry", "Holder", "Kind", "Unpacked", "unpack"]
