"""Exports of one-stop systems as a ledger: a row per dossier, and what could not be used."""

from cchc_stats.ledger.exports.aliases import national_profile
from cchc_stats.ledger.exports.quality import ledger_quality, words_counted
from cchc_stats.ledger.exports.reading import (
    Ledger,
    LedgerCounts,
    LedgerScan,
    keep,
    read_ledger,
    scan_ledger,
)

__all__ = [
    "Ledger",
    "LedgerCounts",
    "LedgerScan",
    "keep",
    "national_profile",
    "ledger_quality",
    "read_ledger",
    "scan_ledger",
    "words_counted",
]
