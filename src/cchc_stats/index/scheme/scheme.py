"""The scheme (bộ chỉ số): a data file of nodes, maxima and rules, checked whenever it is made."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from cchc_stats.index.rules import find_rule
from cchc_stats.index.scheme.checks import depths_below, read_params, scheme_faults
from cchc_stats.index.scheme.file import extended, parsed, read_scheme
from cchc_stats.index.scheme.nodes import (
    Declared,
    FigureAsked,
    Leaf,
    Node,
    ScoreClass,
    further,
    near_words,
    nodes_frame,
    parents_first,
    parts_of,
    scheme_error,
    typed_nodes,
)
from cchc_stats.indicators import find_indicator
from cchc_stats.words import Label, SchemeError, require_language

AS_THEY_ARE = (
    "code",
    "rounding",
    "group",
    "basis",
    "zero_denominator",
    "missing",
    "not_applicable",
    "kind",
    "part",
)
LARGEST = 5_000_000  # bytes of a scheme file


@dataclass(frozen=True, eq=False, repr=False)
class Scheme:
    """A scheme: who says so, from when to when, and the tree of its nodes.

    Parameters
    ----------
    name, title : "qd-766-2022", and what people call it.
    status : "confirmed", "confirmed_by_data" (by published scores), "provisional" (derived, not
        confirmed), or "example" (ours).
    source, version : the document that it is from.
    valid_from, valid_to : first and last day; None where the last is open.
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
        nodes, mistyped = typed_nodes(self.nodes)
        given = {one.name: getattr(self, one.name) for one in fields(self)}
        faults = [*mistyped, *further(scheme_faults(given, nodes), mistyped)]
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
        object.__setattr__(self, "_leaves", _leaves(settled))

    def __reduce__(self) -> Any:
        """Return what another process makes it from: rules are functions, which do not travel."""
        return type(self), tuple(getattr(self, one.name) for one in fields(self))

    @property
    def leaves(self) -> tuple[Leaf, ...]:
        """The leaves in the order of the nodes, each with its rule and its parameters read."""
        leaves: tuple[Leaf, ...] = self.__dict__["_leaves"]
        return leaves

    def unit_of(self, indicator: str) -> str:
        """Return the unit of an indicator, of the library or its own; "" where there is none."""
        record = find_indicator(indicator) or self.indicators.get(indicator)
        return record.unit if record else ""

    def kind_of(self, indicator: str) -> str:
        """Return the kind of an indicator, of the library or its own; "" where there is none."""
        record = find_indicator(indicator) or self.indicators.get(indicator)
        return record.kind if record else ""

    def scale_of(self, indicator: str) -> float:
        """Return what numerator / denominator is multiplied by; a mean of percentages by 1."""
        percent = self.unit_of(indicator) == "percent"
        return 100.0 if percent and self.kind_of(indicator) != "mean" else 1.0

    @property
    def max_points(self) -> float:
        """The most points of all, without any bonus."""
        return float(self.nodes["max_points"].iloc[0])

    def __repr__(self) -> str:
        """Return name, size, maximum and status."""
        return (
            f"<Scheme {self.name}: {len(self.nodes)} nodes, {len(self.leaves)} leaves, "
            f"{self.max_points:g} points, {self.status}>"
        )


def _leaves(nodes: Sequence[Node]) -> tuple[Leaf, ...]:
    """Return the leaves of sound nodes, parents first: here alone are their parameters read."""
    nodes_by_code = {node.code: node for node in nodes}
    inner = {node.parent for node in nodes}
    leaves: list[Leaf] = []
    for node in nodes:
        if node.code in inner:
            continue
        path = [node]
        while nodes_by_code[path[0].parent].parent:
            path.insert(0, nodes_by_code[path[0].parent])
        outside = [above.kind for above in path if above.kind != "score"]
        rule, params = find_rule(node.rule), read_params(node.params)
        assert rule is not None and params is not None  # checked before
        indicators = tuple(node.indicator.split(" + ")) if node.indicator else ()
        leaves.append(
            Leaf(
                place=len(leaves),
                path=tuple(above.code for above in path),
                rule=rule,
                params=params,
                max_points=node.max_points or 0.0,
                indicators=indicators,
                figures=tuple(FigureAsked(one, node.group, node.basis) for one in indicators),
                compared=rule.compared(params),
                unit=rule.unit(params),
                reads_values=rule.reads_values(params),
                answers=rule.answers(params),
                counted=not outside,
                sign=(-1.0) ** outside.count("deduction"),
                **{name: getattr(node, name) for name in AS_THEY_ARE},
            )
        )
    return tuple(leaves)


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
      where: known: ...qd-766-2022-online
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
    by name: `leaves` is their number, `valid_to` is missing where the last day is open.

    Examples
    --------
    >>> schemes = list_schemes().query("status.str.startswith('confirmed')", engine="python")
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
        "leaves": ([len(scheme.leaves) for scheme in schemes], "Int64"),
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
    for file in sorted(folder.iterdir(), key=lambda file: file.name.removesuffix(".toml")):
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
    tables = parsed(text, path or place)
    if "extends" in tables:
        tables = extended(tables, dict(_shipped()), place)
    given, nodes, faults = read_scheme(tables)
    if faults:
        raise scheme_error(place, [*faults, *further(scheme_faults(given, nodes), faults)])
    return Scheme(nodes=nodes_frame(nodes), path=path, **given)


def classes_text(classes: Iterable[ScoreClass]) -> str:
    """Return classes as JSON text, as the root of scores carries them; "{}" where there are none.

    Examples
    --------
    >>> classes_of(classes_text([ScoreClass("A", Label("Tốt", "Good"), 90)]))[0].label.vi
    'Tốt'
    """
    listed = [vars(one) | {"label": {"vi": one.label.vi, "en": one.label.en}} for one in classes]
    return json.dumps({"classes": listed} if listed else {}, ensure_ascii=False)


@lru_cache(maxsize=64)
def classes_of(text: str) -> tuple[ScoreClass, ...]:
    """Return the classes that a text of `classes_text` holds; none where it is another text."""
    stated = json.loads(text) if text.startswith('{"classes"') else {}
    return tuple(
        ScoreClass(**one | {"label": Label(**one["label"])}) for one in stated.get("classes", ())
    )
