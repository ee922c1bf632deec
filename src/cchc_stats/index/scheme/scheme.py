"""The scheme (bộ chỉ số): a data file of nodes, maxima and rules, checked whenever it is made."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from importlib import resources
from pathlib import Path

import pandas as pd

from cchc_stats.index.scheme.checks import scheme_faults
from cchc_stats.index.scheme.faults import near_words, scheme_error, untold
from cchc_stats.index.scheme.file import parsed, read_scheme
from cchc_stats.index.scheme.frame import parts_of, typed_nodes
from cchc_stats.index.scheme.nodes import leaves, nodes_frame, parents_first
from cchc_stats.index.scheme.records import Declared, ScoreClass
from cchc_stats.index.scheme.tree import depths_below
from cchc_stats.words import Label, SchemeError, require_language

__all__ = ["Declared", "Scheme", "ScoreClass", "list_schemes", "load_scheme"]

LARGEST = 5_000_000  # bytes of a scheme file


@dataclass(frozen=True, eq=False, repr=False)
class Scheme:
    """A scheme: who says so, from when to when, and the tree of its nodes.

    Parameters
    ----------
    name, title : "qd-766-2022", and what people call it.
    status : "confirmed", "confirmed_by_data" (by published scores), or "example" (ours).
    source, version : the document that it is from.
    valid_from, valid_to : first and last day; None where the last is not known.
    nodes : frame of `Node`, a row per node, parents before children, the
        root "total" first. What is kept is a copy, typed; levels that are missing and the parts of
        inner nodes are filled in from the tree.
    classes : classes of results, best first.
    indicators : the indicators that the library does not know, by code.
    parts : stated maxima of the parts "self" and "survey".
    notes : what must be read with its scores.
    path : the file it is from, "" where there is none.

    Raises
    ------
    SchemeError
        Anything that would score wrongly, all of it at once: a tree that is none, maxima that do
        not add up, unknown rules, parameters, indicators or words; see `load_scheme`.

    Examples
    --------
    >>> load_scheme("qd-766-2022")
    <Scheme qd-766-2022: 26 nodes, 19 leaves, 100 points, confirmed_by_data>
    """

    name: str
    title: Label
    status: str
    source: str
    version: str
    valid_from: dt.date
    valid_to: dt.date | None
    nodes: pd.DataFrame
    classes: tuple[ScoreClass, ...] = ()
    indicators: Mapping[str, Declared] = field(default_factory=dict)
    parts: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[Label, ...] = ()
    path: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be scored with; keep a typed copy of the nodes in a sound order."""
        nodes, told = typed_nodes(self.nodes)
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        faults = [*told, *untold(scheme_faults(given, nodes), told)]
        if faults:
            place = Path(self.path).name if self.path else str(self.name)
            raise scheme_error(place, faults)
        ordered = parents_first(nodes)
        depths, parts = depths_below(ordered), parts_of(ordered)
        settled = [
            replace(node, level=depths[node.code], part=parts[node.code]) for node in ordered
        ]
        # Copies: what the caller does to a frame or dict afterwards is not checked again.
        object.__setattr__(self, "nodes", nodes_frame(settled))
        object.__setattr__(self, "indicators", dict(self.indicators))
        object.__setattr__(self, "parts", dict(self.parts))

    @property
    def max_points(self) -> float:
        """The most points of the whole, without any bonus."""
        return float(self.nodes["max_points"].iloc[0])

    def __repr__(self) -> str:
        """Return name, size, maximum and status."""
        return (
            f"<Scheme {self.name}: {len(self.nodes)} nodes, {len(leaves(self.nodes))} leaves, "
            f"{self.max_points:g} points, {self.status}>"
        )


def load_scheme(name_or_path: str | Path) -> Scheme:
    """Return a scheme that comes with the library, or that of a file (bộ chỉ số).

    Parameters
    ----------
    name_or_path : a name of `list_schemes()`, or the path of a file that ends in .toml.

    Raises
    ------
    SchemeError
        No such scheme or file; a file above 5 MB, or that is not TOML; and, all at once and each
        with its node: unknown or missing keys; codes that are not texts or not unique; parents
        that are missing, skip a level or go in a circle; maxima that do not add up, exact on
        decimals; a leaf without a rule, or an inner node with one; unknown rules, parameters,
        indicators, kinds, parts, bases and policies.

    Examples
    --------
    >>> load_scheme("par-index-2019-province-self").max_points
    65.0
    >>> load_scheme("qd-767-2022")
    Traceback (most recent call last):
    cchc_stats.SchemeError: there is no scheme 'qd-767-2022'
      where: known: ...qd-766-2022
      mend:  did you mean 'qd-766-2022'?
    """
    if not isinstance(name_or_path, str | os.PathLike):
        raise SchemeError(
            f"a scheme is named by a text, not by a {type(name_or_path).__name__}",
            where="load_scheme",
            mend="give a name of list_schemes(), or the path of a .toml file",
        )
    shipped = dict(_shipped())
    asked = os.fspath(name_or_path)
    if asked in shipped:
        return _scheme(shipped[asked], f"{asked}.toml")
    if not asked.endswith(".toml"):
        raise SchemeError(
            f"there is no scheme {asked!r}",
            where=f"known: {', '.join(shipped)}",
            mend=near_words(asked, shipped)
            or "use one of these, or give the path of a file that ends in .toml",
        )
    return _scheme(_text(Path(asked), shipped), Path(asked).name, path=asked)


def list_schemes(*, lang: str = "vi") -> pd.DataFrame:
    """Return the schemes that come with the library, one row per scheme.

    Parameters
    ----------
    lang : language of `title`, "vi" or "en".

    Returns
    -------
    Frame `name, title, status, max_points, leaves, valid_from, valid_to, version, source`, ordered
    by name: `leaves` is their number, `valid_to` is missing where the last day is not known.

    Examples
    --------
    >>> schemes = list_schemes().query("status != 'example'")
    >>> schemes[["name", "status", "max_points", "leaves"]].values.tolist()
    [['par-index-2019-province-self', 'confirmed', 65.0, 8],
     ['qd-766-2022', 'confirmed_by_data', 100.0, 19]]
    """
    require_language(lang)
    schemes = [load_scheme(name) for name, _ in _shipped()]
    columns = {
        "name": ([scheme.name for scheme in schemes], "str"),
        "title": ([scheme.title.in_language(lang) for scheme in schemes], "str"),
        "status": ([scheme.status for scheme in schemes], "str"),
        "max_points": ([scheme.max_points for scheme in schemes], "Float64"),
        "leaves": ([len(leaves(scheme.nodes)) for scheme in schemes], "Int64"),
        "valid_from": ([scheme.valid_from for scheme in schemes], "datetime64[us]"),
        "valid_to": ([scheme.valid_to for scheme in schemes], "datetime64[us]"),
        "version": ([scheme.version for scheme in schemes], "str"),
        "source": ([scheme.source for scheme in schemes], "str"),
    }
    return pd.DataFrame(
        {name: pd.Series(cells, dtype=kind) for name, (cells, kind) in columns.items()}
    )


def _shipped() -> Iterator[tuple[str, str]]:
    """Yield name and text of each scheme that comes with the library, by name."""
    folder = resources.files("cchc_stats.index.scheme").joinpath("schemes")
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            yield file.name.removesuffix(".toml"), file.read_text(encoding="utf-8")


def _text(path: Path, shipped: Mapping[str, str]) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except FileNotFoundError as error:
        near = near_words(path.stem, shipped) or (
            f"did you mean {path.stem!r}, without .toml?" if path.stem in shipped else ""
        )
        raise SchemeError(
            "there is no such scheme file",
            where=f"{path}; known by name: {', '.join(shipped)}",
            mend=near or "give the path of a file, or one of these names",
        ) from error
    except (OSError, ValueError) as error:
        raise SchemeError(
            f"the scheme file cannot be read: {error}",
            where=str(path),
            mend="give a file that you may read",
        ) from error
    if len(content) > LARGEST:
        raise SchemeError(
            f"the scheme file is above {LARGEST // 1_000_000} MB",
            where=str(path),
            mend="a scheme is a few hundred lines; give the right file",
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SchemeError(
            f"the scheme file is not UTF-8: {error}", where=str(path), mend="save it as UTF-8"
        ) from error


def _scheme(text: str, place: str, *, path: str = "") -> Scheme:
    given, nodes, told = read_scheme(parsed(text, path or place))
    if told:
        raise scheme_error(place, [*told, *untold(scheme_faults(given, nodes), told)])
    return Scheme(nodes=nodes_frame(nodes), path=path, **given)
