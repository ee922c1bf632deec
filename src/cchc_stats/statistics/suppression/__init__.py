"""Small numbers left out before publishing, so that nobody is told of who can be recognised."""

from cchc_stats.statistics.suppression.suppression import suppress_small

__all__ = ["suppress_small"]
