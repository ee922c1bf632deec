"""Tables of units summed into those of the whole."""

from cchc_stats.indicators.consolidation.consolidate import OF_OTHERS, consolidate
from cchc_stats.indicators.consolidation.missing_reports import missing_reports
from cchc_stats.indicators.consolidation.wholes_and_sectors import either_rows_or_whole

__all__ = ["OF_OTHERS", "consolidate", "either_rows_or_whole", "missing_reports"]
