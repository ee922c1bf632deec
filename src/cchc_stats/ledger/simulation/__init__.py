"""Made-up ledgers."""

from cchc_stats.ledger.simulation.simulate import simulate_ledger

__all__ = ["simulate_ledger"]
