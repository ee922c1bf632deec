"""A ledger is counted: tally, durations."""

from cchc_stats.ledger.counting.codes import POSSIBLE
from cchc_stats.ledger.counting.coverage import day_made, first_and_last, first_day, last_day
from cchc_stats.ledger.counting.digital import tally_digital
from cchc_stats.ledger.counting.doors import without_cells
from cchc_stats.ledger.counting.durations import durations
from cchc_stats.ledger.counting.tally import tally
from cchc_stats.ledger.counting.windows import MADE_UP

__all__ = [
    "POSSIBLE",
    "MADE_UP",
    "day_made",
    "durations",
    "first_and_last",
    "first_day",
    "last_day",
    "tally",
    "tally_digital",
    "without_cells",
]
