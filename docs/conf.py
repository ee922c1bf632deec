"""The documentation site: `make docs` writes it to build/docs.

What other files already say is not written again: the pages of the methods are the sections of
METHODS.md, the notebooks are those of notebooks/, and the reference is made from the docstrings,
a page a room. `pages.py` lays them into docs/_pages before Sphinx reads.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import pages
from numpydoc.docscrape import NumpyDocString

import cchc_stats

project = "cchc_stats"
author = "The cchc_stats maintainers"
project_copyright = author
release = version = pages.version()
language = "en"

extensions = [
    "sphinx.ext.autodoc",
    "numpydoc",
    "matplotlib.sphinxext.plot_directive",
    "myst_nb",
]
exclude_patterns = ["_templates"]
templates_path: list[str] = []
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb", ".ipynb": "myst-nb"}

# Names are read from the package's face, whatever room they stand in.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
numpydoc_class_members_toctree = False

myst_heading_anchors = 3
nb_execution_mode = "off"  # the notebooks keep their outputs, and the tests run them

plot_formats = [("png", 110)]
plot_html_show_formats = False
plot_html_show_source_link = False
plot_include_source = True
plot_working_directory = str(pages.ROOT)

html_theme = "pydata_sphinx_theme"
html_title = f"cchc_stats {release}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "show_toc_level": 2,
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}

# Read without a word; what it says is moved into the notes below.
NumpyDocString.sections["Source"] = []

pages.write(Path(__file__).parent, cchc_stats)


def setup(app: Any) -> None:
    """Change pages and docstrings before they are read."""
    app.connect("source-read", within_the_site)
    app.connect("autodoc-process-docstring", as_sphinx_reads, priority=400)


def as_sphinx_reads(
    _app: Any, _what: str, _name: str, thing: Any, _options: Any, lines: list[str]
) -> None:
    """Let names in backticks be code, and the source a part of the notes."""
    described = pages.with_descriptions(lines, pages.returned_by(thing))
    lines[:] = pages.with_code(pages.with_sources_as_notes(described))


def within_the_site(_app: Any, _name: str, source: list[str]) -> None:
    """Let links to files of the project lead to their pages of the site."""
    source[0] = pages.within_the_site(source[0])
