"""Control charts, funnels and trends."""

from cchc_stats.statistics.charts.control_charts import control_chart
from cchc_stats.statistics.charts.funnels import funnel, funnel_curves, poisson_limits
from cchc_stats.statistics.charts.shifts import find_shift
from cchc_stats.statistics.charts.trend_tests import trend_test

__all__ = ["control_chart", "find_shift", "funnel", "funnel_curves", "poisson_limits", "trend_test"]
