"""A stochastic outbreak, person by person, in which every transmission is known."""

from lachan.simulation.outbreak.course import Containment, NoContainment, Outbreak
from lachan.simulation.outbreak.isolation import Isolation
from lachan.simulation.outbreak.truth import Setting, Truth

__all__ = ["Containment", "Isolation", "NoContainment", "Outbreak", "Setting", "Truth"]
