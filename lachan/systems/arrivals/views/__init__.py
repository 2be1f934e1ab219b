"""Doors of arrivals."""
