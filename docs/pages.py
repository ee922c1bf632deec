"""Pages of the site that are made from what stands elsewhere: methods, notebooks, reference."""

from __future__ import annotations

import inspect
import re
import shutil
import tomllib
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
MADE = ("methods", "notebooks", "reference/rooms")
# In the order of the house, from the ground up: what a room's page is called.
ROOMS = {
    "reading": "Read",
    "checking": "Check",
    "ledger": "Dossiers",
    "indicators": "Measure",
    "values": "Values",
    "trends": "Compare quarters",
    "statistics": "Statistics",
    "index": "The index",
    "plots": "Plots",
    "publishing": "Publish",
    "forms": "Forms",
    "words": "Numbers, periods, agencies, refusals",
    "calendars": "Working days",
}
_SECTION = re.compile(r"^## (.+)\n", re.MULTILINE)
_INNER = re.compile(r"\]\(#([\w-]+)\)")
_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+([\w./-]+)(?:#([\w-]+))?\)")
_FILE = re.compile(r"\[([^\]]+)\]\((?!https?:|#)[^)]+\.(?:md|txt)(?:#[^)]*)?\)")


def version() -> str:
    """Return the version that pyproject.toml states."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        stated: str = tomllib.load(file)["project"]["version"]
    return stated


def write(docs: Path, package: ModuleType) -> None:
    """Write all pages that are made, over those of the last time."""
    for name in MADE:
        shutil.rmtree(docs / name, ignore_errors=True)
        (docs / name).mkdir(parents=True)
    write_methods(docs / "methods")
    write_notebooks(docs / "notebooks")
    write_reference(docs / "reference" / "rooms", package)


def slug(heading: str) -> str:
    """Return a heading as the anchor that a link names.

    >>> slug("Why a rate changed; standardisation")
    'why-a-rate-changed-standardisation'
    """
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def write_methods(folder: Path) -> None:
    """Write each section of METHODS.md as a page; links between sections lead to the pages."""
    opening, *rest = _SECTION.split((ROOT / "METHODS.md").read_text(encoding="utf-8"))
    names = [slug(heading) for heading in rest[::2]]
    intro = re.split(r"^1\. ", opening.removeprefix("# Methods\n"), maxsplit=1, flags=re.MULTILINE)
    listed = "\n".join(names)
    toctree = f"\n```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n"
    (folder / "index.md").write_text(f"# Methods\n{linked(intro[0])}{toctree}", encoding="utf-8")
    for name, heading, text in zip(names, rest[::2], rest[1::2], strict=True):
        # A section's sub-headings rise with it.
        risen = re.sub(r"^##(#+) ", r"#\1 ", text, flags=re.MULTILINE)
        (folder / f"{name}.md").write_text(f"# {heading}\n{linked(risen)}", encoding="utf-8")


def linked(text: str) -> str:
    """Return a text whose links to sections lead to pages; links to files become their words.

    >>> linked("see [the index](#the-index) and [README](README.md)")
    'see [the index](the-index.md) and README'
    """
    return _INNER.sub(r"](\1.md)", _FILE.sub(r"\1", text))


def write_notebooks(folder: Path) -> None:
    """Lay the notebooks into the site as they are."""
    stems = []
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copy(path, folder / path.name)
        stems.append(path.stem)
    listed = "\n".join(stems)
    page = f"# Notebooks\n\nOne question each, in Vietnamese.\n\n```{{toctree}}\n\n{listed}\n```\n"
    (folder / "index.md").write_text(page, encoding="utf-8")


def write_reference(folder: Path, package: ModuleType) -> None:
    """Write a page of docstrings a room."""
    for room, names in by_room(package).items():
        title = ROOMS[room]
        parts = [f"{title}\n{'=' * len(title)}\n"]
        parts += [entry(name, getattr(package, name)) for name in names]
        (folder / f"{room}.rst").write_text("\n".join(parts), encoding="utf-8")


def by_room(package: ModuleType) -> dict[str, list[str]]:
    """Return the public names of each room, in the order of the stub's lines."""
    stub = (ROOT / "src" / "cchc_stats" / "__init__.pyi").read_text(encoding="utf-8")
    found: dict[str, list[str]] = {room: [] for room in ROOMS}
    for room, inside in re.findall(r"^from \.(\w+) import (\([^)]*\)|.+)$", stub, re.MULTILINE):
        found[room] += re.findall(r"\w+", inside)
    missing = set(package.__all__) - {name for names in found.values() for name in names}
    if missing:
        raise SystemExit(f"no room of the reference has {sorted(missing)}")
    return {room: names for room, names in found.items() if names}


def entry(name: str, thing: object) -> str:
    """Return the directive that shows a public name's docstring."""
    if inspect.isclass(thing):
        return f".. autoclass:: cchc_stats.{name}\n   :members:\n"
    if callable(thing):
        return f".. autofunction:: cchc_stats.{name}\n"
    # A constant has no docstring of its own: docs/reference/names.md says what it is.
    return f".. py:data:: cchc_stats.{name}\n\n   See :doc:`/reference/names`.\n"


def with_sources_as_notes(lines: list[str]) -> list[str]:
    """Return a docstring whose section Source has become its Notes, or the end of them.

    >>> with_sources_as_notes(["Add.", "", "Source", "------", "Decree 1."])
    ['Add.', '', 'Notes', '-----', '**Source.** Decree 1.']
    """
    heads = [at for at in range(len(lines) - 1) if lines[at] and set(lines[at + 1]) == {"-"}]
    named = {lines[at]: at for at in heads}
    if "Source" not in named:
        return lines
    start = named["Source"]
    end = min((at for at in heads if at > start), default=len(lines))
    text = [f"**Source.** {lines[start + 2]}", *lines[start + 3 : end]]
    rest = lines[:start] + lines[end:]
    if "Notes" not in named:
        return [*lines[:start], "Notes", "-----", *text, *lines[end:]]
    notes = rest.index("Notes") + 2
    return [*rest[:notes], *text, "", *rest[notes:]]


def with_code(lines: list[str]) -> list[str]:
    r"""Return a docstring whose words in backticks are code, closed and opened again at line ends.

    Sphinx reads the lines of a section one by one, and takes `x` for a link and |x| for a name.

    >>> with_code(["of `agency,", "period` and |x|"])
    ['of ``agency,``', '``period`` and \\|x\\|']
    """
    written, is_open = [], False
    for line in lines:
        if line.lstrip().startswith((">>>", "...")):
            written.append(line)
            continue
        parts = line.split("`")
        text = ""
        for place, part in enumerate(parts):
            if is_open and part:
                inner = part.lstrip()
                text += part[: len(part) - len(inner)] + (f"``{inner}``" if inner else "")
            elif not is_open:
                text += part.replace("|", "\\|")
            if place < len(parts) - 1:
                is_open = not is_open
        written.append(text)
    return written


def within_the_site(text: str) -> str:
    """Return a page whose links to METHODS.md and notebooks lead to their pages in the site.

    >>> within_the_site("[methods](../../METHODS.md#the-index), [data](../../data/README.md)")
    '[methods](/methods/the-index.md), data'
    """

    def leads_to(link: re.Match[str]) -> str:
        words, path, section = link.groups()
        if path == "METHODS.md":
            return f"[{words}](/methods/{section or 'index'}.md)"
        if path.startswith("notebooks/"):
            return f"[{words}](/{path})"
        return words

    return _OUTSIDE.sub(leads_to, text)


def with_descriptions(lines: list[str], returned: str = "") -> list[str]:
    r"""Return a docstring whose words on parameters and results are descriptions, not types.

    >>> with_descriptions(["Parameters", "----------", "a : number,", "    finite."])
    ['Parameters', '----------', 'a', '    number,', '    finite.']
    >>> with_descriptions(["Returns", "-------", "The sum,", "rounded."], "float")
    ['Returns', '-------', 'float', '    The sum,', '    rounded.']
    """
    written: list[str] = []
    section = ""
    for at, line in enumerate(lines):
        if at + 1 < len(lines) and line and set(lines[at + 1]) == {"-"}:
            section = line
            written.append(line)
        elif line and set(line) == {"-"}:
            written += [line, returned or "result"] if section == "Returns" else [line]
        elif section == "Returns" and line:
            written.append(f"    {line}")
        elif section in ("Parameters", "Attributes") and " : " in line and not line.startswith(" "):
            name, words = line.split(" : ", 1)
            written += [name, f"    {words}"]
        else:
            written.append(line)
    return written


def returned_by(thing: object) -> str:
    """Return the type that a function states to return, without its module's name."""
    if not callable(thing) or inspect.isclass(thing):
        return ""
    stated = inspect.signature(thing).return_annotation
    name = stated if isinstance(stated, str) else getattr(stated, "__name__", "")
    return "" if name == "_empty" else name.removeprefix("pd.")
