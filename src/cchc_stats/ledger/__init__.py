"""The ledger of dossiers: raw exports of one-stop systems, read, counted, timed."""

from cchc_stats.ledger.exports import Ledger, read_ledger, scan_ledger
from cchc_stats.ledger.scan import LedgerCounts, LedgerScan

__all__ = ["Ledger", "LedgerCounts", "LedgerScan", "read_ledger", "scan_ledger"]
