"""The ledger of dossiers: exports read, counted into the official table, timed, simulated."""

from cchc_stats.ledger.durations import durations
from cchc_stats.ledger.exports import Ledger, read_ledger, scan_ledger
from cchc_stats.ledger.scan import LedgerCounts, LedgerScan
from cchc_stats.ledger.simulate import simulate_ledger
from cchc_stats.ledger.tally import tally

__all__ = [
    "Ledger",
    "LedgerCounts",
    "LedgerScan",
    "durations",
    "read_ledger",
    "scan_ledger",
    "simulate_ledger",
    "tally",
]
