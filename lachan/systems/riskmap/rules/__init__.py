"""The level of an area: pure functions of its figures and the dated policy."""
