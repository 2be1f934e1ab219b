"""Where administrative units come from: installed packages for Viet Nam, a CSV file for any other country."""

from lachan.core.area_sources.csv_rows import read_csv
from lachan.core.area_sources.rows import AreaRow, RowError, SuccessorRow
from lachan.core.area_sources.vietnam import vietnam_areas
from lachan.core.area_sources.vietnam_files import AreasMissing
from lachan.core.area_sources.vietnam_successors import vietnam_successors

__all__ = [
    "AreaRow",
    "AreasMissing",
    "RowError",
    "SuccessorRow",
    "read_csv",
    "vietnam_areas",
    "vietnam_successors",
]
