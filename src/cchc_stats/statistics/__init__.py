"""Statistics that are honest with small numbers: frames in, frames out, scipy underneath."""

from cchc_stats.statistics.backlog import backlog
from cchc_stats.statistics.comparisons import compare_rates
from cchc_stats.statistics.control_charts import control_chart
from cchc_stats.statistics.decomposition import decompose_change
from cchc_stats.statistics.funnels import funnel, funnel_curves
from cchc_stats.statistics.intervals import add_intervals
from cchc_stats.statistics.standardisation import standardised_rate
from cchc_stats.statistics.suppression import suppress_small
from cchc_stats.statistics.trend_tests import trend_test

__all__ = [
    "add_intervals",
    "backlog",
    "compare_rates",
    "control_chart",
    "decompose_change",
    "funnel",
    "funnel_curves",
    "standardised_rate",
    "suppress_small",
    "trend_test",
]
