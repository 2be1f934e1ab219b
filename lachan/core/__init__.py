"""The kernel that every system stands on: persons, places, events, access, codes, names."""
