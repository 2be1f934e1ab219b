"""Everything that reads in the situation, gathered from its parts."""

from lachan.centre.situation.queries.flows import Figures, Flows, by_part, figures, recent
from lachan.centre.situation.queries.ground import Part, parts, units
from lachan.centre.situation.queries.levels import Levels, levels
from lachan.centre.situation.queries.remembering import forget, remembered
from lachan.centre.situation.queries.scope import AreaNotVisible, area_for, area_of_code, home_of

__all__ = [
    "AreaNotVisible",
    "Figures",
    "Flows",
    "Levels",
    "Part",
    "area_for",
    "area_of_code",
    "by_part",
    "figures",
    "forget",
    "home_of",
    "levels",
    "parts",
    "recent",
    "remembered",
    "units",
]
