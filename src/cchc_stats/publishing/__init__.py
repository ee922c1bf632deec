"""What is handed on to others: a report's quarter as a page, tables and pictures in one folder."""

from cchc_stats.publishing.form_writing import write_form
from cchc_stats.publishing.quarter import Quarter, look_at
from cchc_stats.publishing.writing import publish_quarter, write_quarter

__all__ = ["Quarter", "look_at", "publish_quarter", "write_form", "write_quarter"]
