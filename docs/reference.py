"""Write the reference: every public name with its docstring, on one page that works offline.

``python docs/reference.py`` (or ``make docs``) writes ``build/docs/index.html``. Names stand in the
order of the README's table, which opens the page; names in backticks lead to their entries.
"""

from __future__ import annotations

import re
import sys
from functools import cached_property
from pathlib import Path
from types import ModuleType

import pdoc.doc
import pdoc.render

import cchc_stats

ROOT = Path(__file__).parents[1]
OUT = ROOT / "build" / "docs"
FOOTER = "Built from the docstrings; their examples are run by the tests."
# A line of capital and small letters with a dashed line below it.
_HEADING = re.compile(r"^([A-Z][A-Za-z ]+)\n-{3,}\n+", re.MULTILINE)
_ITEMS = ("Parameters", "Attributes", "Raises")
_TABLE = re.compile(r"^\| name \|.*?\n\n", re.MULTILINE | re.DOTALL)
# Of a text that is neither in backticks nor an example: Markdown takes <NA> for a tag.
_CODE_OR_TAG = re.compile(r"(`[^`]*`|^ *(?:>>>|\.\.\. ).*$)|<(?=\w)", re.MULTILINE)
_LINK = re.compile(r"\[([^]]+)\]\((?!https?:)[^)]+\)")


def write_reference(folder: Path = OUT) -> Path:
    """Write the page into a folder, which is made, and return its path."""
    pdoc.render.configure(
        footer_text=FOOTER,
        include_undocumented=False,  # fields of a noun are told together, in its docstring
        search=False,
        show_source=False,
        template_directory=Path(__file__).parent / "templates",
    )
    pdoc.render.env.filters["to_markdown"] = markdown
    module = Package(in_order_of_the_readme())
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / "index.html"
    html = pdoc.render.html_module(module, {"cchc_stats": module})
    page.write_text(html, encoding="utf-8")
    return page


class Package(pdoc.doc.Module):
    """The package as pdoc shows it: its constants say what the README's table says of them."""

    @cached_property
    def _var_docstrings(self) -> dict[str, str]:
        cells = [line.split("|") for line in readme_table().splitlines()]
        return {name: row[2].strip() for row in cells for name in re.findall(r"`(\w+)`", row[1])}


def in_order_of_the_readme() -> ModuleType:
    """Return the package's public names as a module, all loaded, the README's table as its text."""
    table = readme_table()
    order = {name: place for place, name in enumerate(re.findall(r"`(\w+)`", first_cells(table)))}
    shown = ModuleType("cchc_stats", f"{cchc_stats.__doc__}\n\n{table}")
    names = sorted(cchc_stats.__all__, key=lambda name: order.get(name, len(order)))
    shown.__all__ = names  # type: ignore[attr-defined]
    for name in names:
        setattr(shown, name, getattr(cchc_stats, name))
    return shown


def readme_table() -> str:
    """Return the README's table of names; links to files of the project become their words."""
    found = _TABLE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit("README.md has no table of names: | name | …")
    return _LINK.sub(r"\1", found[0].strip())


def first_cells(table: str) -> str:
    """Return the first cells of a table, a line each."""
    return "\n".join(line.split("|")[1] for line in table.splitlines())


def markdown(docstring: str) -> str:
    r"""Return a docstring as Markdown: headings, items as lists, columns of a result as lists.

    >>> print(markdown("Add.\n\nParameters\n----------\na, b : numbers,\n    both finite.\n"))
    Add.
    <BLANKLINE>
    ###### Parameters
    <BLANKLINE>
    - **a, b**: numbers, both finite.
    """
    opening, *rest = _HEADING.split(docstring)
    told = [escaped(opening)]
    for heading, text in zip(rest[::2], rest[1::2], strict=True):
        if heading != "Examples":
            text = escaped(text)
        body = items(text) if heading in _ITEMS else columns(text)
        told.append(f"###### {heading}\n\n{body}")
    return "\n\n".join(part.strip() for part in told)


def escaped(text: str) -> str:
    """Return a text in which <NA> is shown and not taken for a tag.

    >>> escaped("`<NA>` and <NA> at 0/0")
    '`<NA>` and &lt;NA> at 0/0'
    """
    return _CODE_OR_TAG.sub(lambda found: found[1] or "&lt;", text)


def items(text: str) -> str:
    """Return "name : words" and what is indented below it as list items."""
    found: list[str] = []
    for line in text.strip().splitlines():
        if not line.strip():
            continue
        if line.startswith(" ") and found:
            found[-1] += f" {line.strip()}"
        else:
            name, colon, words = line.partition(" : ")
            found.append(f"- **{name}**:" + (f" {words}" if colon else ""))
    return "\n".join(found)


def columns(text: str) -> str:
    """Return a text in which each line that begins with a column's name is a list item.

    Only after a line that ends a clause: other lines that begin with one are in mid-sentence.
    """
    return re.sub(r"([:;])\n(?=`)", r"\1\n- ", text)


if __name__ == "__main__":
    sys.stdout.write(f"{write_reference()}\n")
