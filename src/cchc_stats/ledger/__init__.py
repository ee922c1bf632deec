"""The ledger of dossiers: exports read, counted into the official table, timed, simulated."""

from cchc_stats.ledger.counting import durations, tally, tally_digital
from cchc_stats.ledger.exports import (
    Ledger,
    LedgerCounts,
    LedgerScan,
    keep,
    ledger_quality,
    national_profile,
    read_ledger,
    scan_ledger,
    words_counted,
)
from cchc_stats.ledger.simulation import simulate_ledger

__all__ = [
    "Ledger",
    "LedgerCounts",
    "LedgerScan",
    "durations",
    "keep",
    "national_profile",
    "ledger_quality",
    "read_ledger",
    "scan_ledger",
    "simulate_ledger",
    "tally",
    "tally_digital",
    "words_counted",
]
