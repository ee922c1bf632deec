"""How firm scores and ranks are (rank uncertainty)."""

from cchc_stats.index.uncertainty.sensitivity import leave_one_out, sensitivity
from cchc_stats.index.uncertainty.sobol import sobol_indices

__all__ = ["leave_one_out", "sensitivity", "sobol_indices"]
