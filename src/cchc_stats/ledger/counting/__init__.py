"""A ledger is counted: tally, durations."""

from cchc_stats.ledger.counting.durations import durations
from cchc_stats.ledger.counting.row_names import MADE_UP
from cchc_stats.ledger.counting.tally import tally

__all__ = ["MADE_UP", "durations", "tally"]
