"""Line lists, contacts and areas from files. Every row is taken or refused with its reason: taken + refused = read."""

from lachan.site.imports.running import main

__all__ = ["main"]
