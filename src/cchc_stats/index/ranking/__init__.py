"""Ranks and classes of agencies by their scores: ties share a rank, the unknown is not ranked."""

from cchc_stats.index.ranking.ranking import rank_agencies

__all__ = ["rank_agencies"]
