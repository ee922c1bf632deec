"""A store: one DuckDB file of every report, edition, table, value and finding."""

from cchc_stats.publishing.store.store import Store

__all__ = ["Store"]
