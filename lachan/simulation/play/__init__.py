"""Plays an outbreak through the commands of the systems, so that everything in the demo has its causes."""

from lachan.simulation.play.play import Played, play

__all__ = ["Played", "play"]
