"""The ledger of dossiers: counted into the official table, timed in working days, simulated."""

from cchc_stats.ledger.durations import durations
from cchc_stats.ledger.simulate import simulate_ledger
from cchc_stats.ledger.tally import tally

__all__ = ["durations", "simulate_ledger", "tally"]
