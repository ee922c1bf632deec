"""The templates of pages."""

from __future__ import annotations

import jinja2


def environment() -> jinja2.Environment:
    """Return where the templates of pages are; what they print is escaped."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("cchc_stats.publishing.page", ""),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
