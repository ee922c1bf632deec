"""The sentences of refusals, as the sources write them: what, where and mend of every one.

A sentence is followed from the refusal to where it is written: through names, lists, parameters,
constants of other modules and functions that return it. What is filled in is `{}`.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src" / "cchc_stats"
KINDS = (
    *("CchcError", "FormError", "NumberError", "PeriodError", "PlotError"),
    *("ReadError", "SchemeError", "ValuesError", "ValueError"),
)
CARRIERS = ("SchemeFault",)
PARTS = ("what", "where", "mend")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# A word that a reader has to know, no name of an option, a column, a file or a function.
WORD = re.compile(r"(?<![\w.<>=\-\"'/`])[A-Za-z][a-z]+(?![\w=(/`-]|\.\w)")
VIETNAMESE = re.compile("[àáâãèéêìíòóôõùúýăđĩũơư\u1ea0-\u1ef9]", re.IGNORECASE)
FILLED = re.compile(r"\{\{\w*(?::[.\w]*)?\}\}")  # by a later format()
PLACE = re.compile(r"^(?:\{\}: )+")  # is said apart
QUOTED = re.compile(r"\"[^\"{}]*\"|(?<!\w)'[^'{}]*'|`[^`]*`")


def has_words(template: str) -> bool:
    """Return whether a sentence says something in a language: more than names, codes and quotes."""
    if template.isalpha() or re.search(r"\(\?:|\\b|WHEN|</|xmlns", template):  # a code, a pattern
        return False
    bare = QUOTED.sub("", template)
    return bool(WORD.search(bare)) and not VIETNAMESE.search(bare)


class Sentences:
    """All sentences of refusals in the sources, by the file that refuses."""

    def __init__(self, sources: Path = SOURCES) -> None:
        self.found: dict[str, set[str]] = {}
        self._calls: dict[str, list[ast.Call]] = {}
        self._functions: dict[str, list[ast.AST]] = {}
        self._home: dict[ast.AST, ast.AST] = {}
        self._imports: dict[ast.AST, set[str]] = {}
        self._parents: dict[ast.AST, ast.AST] = {}
        self._constants: dict[str, list[ast.expr]] = {}
        self._seen: set[ast.AST] = set()
        paths = sorted(sources.rglob("*.py"))
        told = [self._index(ast.parse(path.read_text("utf-8"))) for path in paths]
        for path, nodes in zip(paths, told, strict=True):
            self._room = str(path.relative_to(sources))
            for node in nodes:
                parts = _parts(node) if isinstance(node, ast.Call) else _given_back(node)
                for part in parts:
                    self._follow(part)

    def _index(self, tree: ast.Module) -> list[ast.AST]:
        """Note the nodes of a module, and return those that may refuse."""
        self._imports[tree] = set()
        told: list[ast.AST] = []
        nodes: list[ast.AST] = [tree]
        for node in nodes:  # grows
            self._home[node] = tree
            match node:
                case ast.ImportFrom(names=names):
                    self._imports[tree] |= {one.name for one in names}
                case ast.Call():
                    self._calls.setdefault(_called(node), []).append(node)
                    told.append(node)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    self._functions.setdefault(name, []).append(node)
                    told += [node] if "fault" in name else []
            if not isinstance(node, ast.Name | ast.Constant):
                below = [*ast.iter_child_nodes(node)]
                self._parents |= dict.fromkeys(below, node)
                nodes += below
        for node in tree.body:
            for name, value in _assigned(node):
                self._constants.setdefault(name, []).append(value)
        return told

    def _follow(self, node: ast.expr | None) -> None:
        """Keep the sentences that an expression can be, and those that it is filled with."""
        if node is None or node in self._seen:
            return
        self._seen.add(node)
        templates = self._templates(node)
        for template in templates:
            if has_words(template := PLACE.sub("", template.strip(" ;,"))):
                self.found.setdefault(self._room, set()).add(template)
        for inner in self._inner(node):
            self._follow(inner)

    def _templates(self, node: ast.expr) -> list[str]:
        """Return what an expression writes itself, in every variant."""
        match node:
            case ast.Constant(value=str() as text):
                return [FILLED.sub("{}", text.replace("{", "{{").replace("}", "}}"))]
            case ast.JoinedStr(values=values):
                parts = [self._templates(value) for value in values]
                return ["".join(one) for one in itertools.product(*parts)]
            case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
                return self._templates(value) if _written(value) else ["{}"]
            case ast.IfExp(body=body, orelse=orelse):
                return [*self._templates(body), *self._templates(orelse)]
            case ast.BoolOp(values=values):
                return [one for value in values for one in self._templates(value)]
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                both = itertools.product(self._templates(left), self._templates(right))
                return [first + second for first, second in both]
            case ast.Call(
                func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")
            ):
                return [re.sub(r"\{[^{}]*\}", "{}", text)]
        return ["{}"]

    def _inner(self, node: ast.expr) -> Iterator[ast.expr]:
        """Give the expressions that fill one, or that a name stands for."""
        match node:
            case ast.Constant():
                return
            case ast.JoinedStr(values=values):
                for value in values:
                    if isinstance(value, ast.FormattedValue) and value.conversion == -1:
                        yield from self._branches(value.value)
            case ast.IfExp() | ast.BoolOp() | ast.BinOp():
                yield from self._branches(node)
            case ast.Name(id=name):
                yield from self._meanings(node, name)
            case ast.Call():
                yield from self._results(node)
            case ast.Subscript(value=value) | ast.Starred(value=value):
                yield value
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                yield from elts
            case ast.ListComp(elt=elt) | ast.GeneratorExp(elt=elt) | ast.SetComp(elt=elt):
                yield elt
            case ast.Dict(keys=keys, values=values):
                yield from (one for one in (*keys, *values) if one is not None)
            case ast.DictComp(value=value):
                yield value
            case ast.NamedExpr(value=value):
                yield value

    def _branches(self, node: ast.expr) -> Iterator[ast.expr]:
        """Give the parts of a choice or a sum that are not written in it."""
        match node:
            case ast.IfExp(body=body, orelse=orelse):
                yield from self._branches(body)
                yield from self._branches(orelse)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from self._branches(value)
            case ast.BinOp(left=left, right=right):
                yield from self._branches(left)
                yield from self._branches(right)
            case ast.Constant():
                return
            case ast.JoinedStr():
                yield from self._inner(node)
            case _:
                yield node

    def _results(self, call: ast.Call) -> Iterator[ast.expr]:
        """Give what a call passes on: what it joins or formats, what its function returns."""
        name = _called(call)
        if name in ("join", "listed", "fromkeys", "format", "strip", "sorted", "list", "tuple"):
            yield from call.args
            if name == "format" and isinstance(call.func, ast.Attribute):
                yield call.func.value
            return
        for function in self._near(call, self._functions.get(name, ()), name):
            yield from _given_back(function)

    def _meanings(self, node: ast.AST, name: str) -> Iterator[ast.expr]:
        """Give what a name is bound to: in its function, as its parameter, or in a module."""
        scope: ast.AST | None = node
        found = False
        while (scope := self._parents.get(scope)) is not None:
            if not isinstance(scope, FUNCTIONS):
                continue
            for value in _bound(scope).get(name, ()):
                found = True
                yield value
            names = [one.arg for one in (*scope.args.posonlyargs, *scope.args.args)]
            if name in (*names, *(one.arg for one in scope.args.kwonlyargs)):
                yield from self._given(scope, names, name)
                found = True
            if found:
                return
        yield from self._near(node, self._constants.get(name, ()), name)

    def _near(self, node: ast.AST, found: Sequence[ast.AST], name: str) -> list[ast.AST]:
        """Return what is of a node's own module, or else of others where one names the other's."""
        home = self._home[node]
        own = [one for one in found if self._home[one] is home]
        if own or name.startswith("_"):
            return own
        here = name in self._imports[home]
        return [one for one in found if here or name in self._imports[self._home[one]]]

    def _given(self, function: ast.AST, names: list[str], name: str) -> Iterator[ast.expr]:
        own = [one for one in names if one not in ("self", "cls")]
        calls = self._calls.get(function.name, ())
        if function.name.startswith("__"):
            return
        for call in self._near(function, calls, function.name):
            yield from (one.value for one in call.keywords if one.arg == name)
            if name in own and own.index(name) < len(call.args):
                yield call.args[own.index(name)]


def _written(node: ast.expr) -> bool:
    """Return whether an expression in a sentence is a choice of words that stand right there."""
    match node:
        case ast.Constant(value=str()):
            return True
        case ast.IfExp(body=body, orelse=orelse):
            return _written(body) or _written(orelse)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _written(left) or _written(right)
        case ast.JoinedStr():
            return True
    return False


def _given_back(function: ast.AST) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value:
            yield node.value


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def _parts(call: ast.Call) -> Iterator[ast.expr]:
    """Give what a refusal is made of, and what is kept for one: a fault, or a line of `faults`."""
    if _called(call) in KINDS:
        yield from call.args[:1]
        yield from (one.value for one in call.keywords if one.arg in PARTS)
    elif _called(call) in CARRIERS:
        yield from call.args
    else:
        match call.func:
            case ast.Attribute(value=ast.Name(id="faults"), attr="append" | "extend"):
                yield from call.args


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    match node:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _pairs(target, value)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.AugAssign(target=target, value=value)
            | ast.NamedExpr(target=target, value=value)
        ):
            yield from _pairs(target, value)
        case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
            yield from _pairs(target, source)


def _pairs(target: ast.AST, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple):
        alike = isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts)
        for at, one in enumerate(target.elts):
            yield from _pairs(one, value.elts[at] if alike else value)
    elif isinstance(target, ast.Subscript):
        yield from _pairs(target.value, value)


@cache
def _bound(function: ast.AST) -> dict[str, list[ast.expr]]:
    """Return what names are in a function: assigned, looped over, or a list that is added to."""
    bound: dict[str, list[ast.expr]] = {}
    for node in ast.walk(function):
        for name, value in _assigned(node):
            bound.setdefault(name, []).append(value)
        match node:
            case ast.Call(
                func=ast.Attribute(
                    value=ast.Name(id=name),
                    attr="append" | "extend" | "setdefault" | "insert" | "add",
                )
            ):
                bound.setdefault(name, []).extend(node.args)
    return bound
