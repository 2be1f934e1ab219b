"""Puts a synthetic country into the core tables by COPY."""

from lachan.simulation.loading.load import Loaded, load_country, load_day

__all__ = ["Loaded", "load_country", "load_day"]
