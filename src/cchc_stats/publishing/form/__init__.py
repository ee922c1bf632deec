"""The official form."""

from cchc_stats.publishing.form.writing import write_form

__all__ = ["write_form"]
