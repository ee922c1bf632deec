"""How firm scores and ranks are."""

from cchc_stats.index.uncertainty.leaving_out import leave_one_out
from cchc_stats.index.uncertainty.sensitivity import sensitivity
from cchc_stats.index.uncertainty.sobol import sobol_indices

__all__ = ["leave_one_out", "sensitivity", "sobol_indices"]
