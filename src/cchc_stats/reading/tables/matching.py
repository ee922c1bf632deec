"""Which of several headings a printed one is: by its words, whatever their order or spelling."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Generic, NamedTuple, TypeVar

from cchc_stats.reading.tables.taught import kept, stated
from cchc_stats.words import fold

Path = tuple[str, ...]
Name = TypeVar("Name", bound=tuple[str, ...] | str)
_NUMBERING = re.compile(r"^(?:[-+*•.]|\(?(?:\d+(?:\.\d+)*|[ivx]{1,4}|[a-hđ])[.)](?=\s|\D)|\s)+")
_FORMULA = re.compile(r"\(?\d{1,2}\)?\s*=\s*[\d()+\- ]+|\(\d{1,2}\)")
_PARENTHESES = re.compile(r"\([^()]*\)")
_PARTS = re.compile(r"^[-+* ]*(?:trong do|bao gom|gom) ?:")
_WORD = re.compile(r"[a-z0-9]+")
ABOVE = 0.5  # the weight of a word that stands above the last heading of a path
UNKNOWN = 0.35  # the weight of a word that no known heading has
LEAST = 0.58  # below it, two headings are not the same
NEAR = 0.03  # two candidates closer than this cannot be told apart
_JOINED = re.compile(r"\s*[,;/+&]\s*|\s+(?:va|hoac)\s+")
SURE = 0.85  # a heading this like one name is that name, whatever else it could be taken apart into
_SHORT = 4  # a word of so few letters has no misspelling


@kept(50_000)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a heading: folded, abbreviations and synonyms as one word each.

    Numbering, formulas such as "(3)=(4)+(5)", "Trong đó:" at the start and what stands in
    parentheses are left out, but a heading that is all in parentheses is kept.

    Examples
    --------
    >>> words("1. Số TTHC đã công bố (trong kỳ)") == words("số thủ tục hành chính đã CÔNG BỐ")
    True
    """
    plain = _PARTS.sub("", _FORMULA.sub(" ", fold(text)))
    bare = _PARENTHESES.sub(" ", plain)
    bare = _NUMBERING.sub("", bare if _WORD.search(bare) else plain)
    same, phrases = _phrases()
    joined = " ".join(_WORD.findall(bare))
    found = phrases.sub(lambda match: same[match[0]], joined)
    stop = _stop()
    return tuple(word for word in found.split() if word not in stop)


@kept(50_000)
def _parts(text: str) -> tuple[str, ...]:
    """Return what a heading joins with commas, strokes or "và"."""
    return tuple(_JOINED.split(_PARENTHESES.sub(" ", fold(text))))


@kept(1)
def _phrases() -> tuple[Mapping[str, str], re.Pattern[str]]:
    same = {
        " ".join(_WORD.findall(fold(phrase))): word
        for word, phrases in stated()["words"].items()
        for phrase in phrases
    }
    longest_first = sorted(same, key=len, reverse=True)
    return same, re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@kept(1)
def _stop() -> frozenset[str]:
    return frozenset(stated()["anatomy"]["stop"])


class Match(NamedTuple):
    """What a printed heading was taken for, how sure (0-1), and what it might be as well."""

    name: Any
    score: float
    rival: Any = None


def _with_rival(held: Match, name: Any, score: float, *, free: bool) -> Match:
    """Return a match with the second name that it may be as well."""
    if held.name is None or held.rival is not None or not free:
        return held
    return held._replace(rival=name if held.score - score < NEAR else None)


class Lexicon(Generic[Name]):
    """Names and how each is spelled; tells which names some printed headings are.

    A word counts by how few of the names have it, so that "trước hạn" and "quá hạn" are told apart
    however much else they share.

    Examples
    --------
    >>> lexicon = Lexicon({"late": ["Giải quyết > Quá hạn"], "early": ["Giải quyết > Trước hạn"]})
    >>> lexicon.assign([("GIAI QUYET", "Tre han")])[0].name
    'late'
    """

    def __init__(self, spellings: Mapping[Name, Iterable[str]], ignore: Iterable[str] = ()) -> None:
        self.names = tuple(spellings)
        self._ignored = frozenset(words(text) for text in ignore)
        self._spelled = [
            (name, tuple(level.strip() for level in text.split(" > ")))
            for name, texts in spellings.items()
            for text in dict.fromkeys(texts)
        ]
        having: dict[str, set[Any]] = {}
        for name, path in self._spelled:
            for level in self._levels(path):
                for word in level:
                    having.setdefault(word, set()).add(name)
        most = math.log(1 + len(self.names))
        self._weight = {
            word: math.log(1 + len(self.names) / len(names)) / most if most else 1.0
            for word, names in having.items()
        }
        self.vocabulary = frozenset(self._weight)
        self._long = sorted(word for word in self._weight if len(word) > _SHORT)
        self._near: dict[str, str] = {}
        self._totals: list[float] = []
        self._having: dict[str, list[tuple[int, float]]] = {}
        for number, (_, path) in enumerate(self._spelled):
            weights = self._weights(path)
            self._totals.append(sum(weights.values()))
            for word, weight in weights.items():
                self._having.setdefault(word, []).append((number, weight))
        self._scores: dict[Path, dict[Name, float]] = {}

    def _levels(self, path: Path) -> list[tuple[str, ...]]:
        levels = [words(text) for text in path]
        return [level for level in levels if level and level not in self._ignored]

    def _weights(self, path: Path) -> dict[str, float]:
        weights: dict[str, float] = {}
        levels = self._levels(path)
        for depth, level in enumerate(reversed(levels)):
            for word in level:
                known = self._known(word)
                weight = self._weight.get(known, UNKNOWN) * (ABOVE if depth else 1.0)
                weights[known] = max(weights.get(known, 0.0), weight)
        return weights

    def _known(self, word: str) -> str:
        """Return a word, or the known one that it misspells."""
        if word in self._weight or len(word) <= _SHORT:
            return word
        if word not in self._near:
            near = get_close_matches(word, self._long, n=1, cutoff=0.85)
            self._near[word] = near[0] if near else word
        return self._near[word]

    def scores(self, path: Path) -> dict[Name, float]:
        """Return how alike (0-1) a printed path of headings is to each name it is like at all."""
        if path in self._scores:
            return self._scores[path]
        weights = self._weights(path)
        total = sum(weights.values())
        shared: dict[int, float] = {}
        for word, weight in weights.items():
            for number, other in self._having.get(word, ()):
                shared[number] = shared.get(number, 0.0) + min(weight, other)
        best: dict[Name, float] = {}
        for number, common in shared.items():
            name = self._spelled[number][0]
            # What a spelling has and the print lacks counts more than what the print adds.
            whole = 0.4 * max(total, common) + 0.6 * self._totals[number]
            best[name] = max(best.get(name, 0.0), common / whole)
        self._scores[path] = best
        return best

    def assign(self, paths: Sequence[Path]) -> list[Match]:
        """Return for each path the name it is, each name once; a Match of None where none is.

        Two names that are nearly equally like, and both free, leave a path without: `rival` then
        names the second. Of two paths that are equally like one name, neither gets it; nor does one
        that says two names together.
        """
        return [*_assigned(self, tuple(paths))]

    def assign_anew(self, paths: Sequence[Path]) -> list[Match]:
        """Return what `assign` does, of headings that were not met before."""
        joined = {at: two for at, path in enumerate(paths) if (two := self._joined(path))}
        ranked = sorted(
            (
                (score, -number, name)
                for number, path in enumerate(paths)
                if number not in joined
                for name, score in self._likely(path)
            ),
            key=lambda one: (-one[0], -one[1]),
        )
        found = [Match(None, 0.0)] * len(paths)
        for number, (_, second) in joined.items():
            found[number] = Match(None, 0.0, second)
        settled: set[int] = set()
        owner: dict[Any, tuple[int, float]] = {}
        for score, minus, name in ranked:
            number = -minus
            if number in settled:
                found[number] = _with_rival(found[number], name, score, free=name not in owner)
            elif name not in owner:
                owner[name] = number, score
                found[number] = Match(name, score)
                settled.add(number)
            elif owner[name][1] - score < NEAR and self._twice(
                paths[owner[name][0]], paths[number]
            ):
                first = owner[name][0]
                found[first] = found[first]._replace(rival=name)
                found[number] = Match(None, score, name)
                settled.add(number)
        return [
            one if one.name is None or one.rival is None else Match(None, one.score, one.rival)
            for one in found
        ]

    def _joined(self, path: Path) -> tuple[Name, Name] | None:
        """Return two names that a heading says together, as "Miễn nhiệm, từ chức" does."""
        parts = _parts(path[-1]) if path else ()
        if len(parts) < 2 or max(self.scores(path).values(), default=0.0) >= SURE:
            return None
        names: list[Name] = []
        for part in parts:
            scores = self.scores((*path[:-1], part)) if words(part) else {}
            best = max(scores, key=lambda name: scores[name], default=None)
            if best is not None and scores[best] >= LEAST and best not in names:
                names.append(best)
        return (names[0], names[1]) if len(names) > 1 else None

    def _likely(self, path: Path) -> list[tuple[Name, float]]:
        """Return the names that a path may be: the best, and those hardly less like it."""
        scores = self.scores(path)
        # A heading whose own name is taken is not another one further off.
        least = max(LEAST, max(scores.values(), default=0.0) - 2 * NEAR)
        return [(name, score) for name, score in scores.items() if score >= least]

    def _twice(self, first: Path, second: Path) -> bool:
        """Return whether two paths say the same, so that neither can be preferred."""
        return self._weights(first) == self._weights(second)


@kept(5_000)
def _assigned(lexicon: Lexicon[Any], paths: tuple[Path, ...]) -> tuple[Match, ...]:
    # Reports share their headings: a province's reports are of one template.
    return tuple(lexicon.assign_anew(paths))
