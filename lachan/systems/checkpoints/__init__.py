"""Venues, control posts and gates: who went in and out, who may pass, and who is inside now."""
