"""Statistics that are honest with small numbers: frames in, frames out, scipy underneath."""

from cchc_stats.statistics.charts import (
    control_chart,
    find_shift,
    funnel,
    funnel_curves,
    trend_test,
)
from cchc_stats.statistics.decomposition import (
    decompose_change,
    standardised_rate,
    standardised_ratio,
)
from cchc_stats.statistics.rates import (
    OWN,
    Remark,
    add_intervals,
    backlog,
    benjamini_hochberg,
    compare_rates,
    distinct,
    interval_columns,
    is_number,
    kinds_of,
    newcombe,
    of_kinds,
    other_figure,
    repeated_units,
    row_notes,
)
from cchc_stats.statistics.suppression import (
    Suppressed,
    audit_suppression,
    require_below,
    suppress_small,
    suppress_together,
)

__all__ = [
    "OWN",
    "Remark",
    "Suppressed",
    "add_intervals",
    "audit_suppression",
    "backlog",
    "benjamini_hochberg",
    "compare_rates",
    "control_chart",
    "decompose_change",
    "distinct",
    "find_shift",
    "funnel",
    "funnel_curves",
    "interval_columns",
    "is_number",
    "kinds_of",
    "newcombe",
    "of_kinds",
    "other_figure",
    "repeated_units",
    "require_below",
    "row_notes",
    "standardised_rate",
    "standardised_ratio",
    "suppress_small",
    "suppress_together",
    "trend_test",
]
