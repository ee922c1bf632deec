"""Words for people: Vietnamese and English labels of the codes that frames carry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from cchc_stats.words.errors import CchcError
from cchc_stats.words.facts import facts_of

LANGUAGES = ("vi", "en")
ALL = "all"  # the code of the total among agencies, groups, levels and rows


@dataclass(frozen=True)
class Label:
    """One thing's name in the two languages.

    Attributes
    ----------
    vi, en : the names.
    en_one : the English name of one of it, where that is another word (units: "dossier").
    also : how else it is written, in either language; what reading knows and printing does not use.

    Examples
    --------
    >>> Label("quý", "quarter").in_language("vi")
    'quý'
    """

    vi: str
    en: str
    en_one: str = ""
    also: tuple[str, ...] = ()

    def in_language(self, lang: str) -> str:
        """Return the label in `lang`, "vi" or "en"."""
        return {"vi": self.vi, "en": self.en}[require_language(lang)]


def require_language(lang: str) -> str:
    """Return `lang` if the library speaks it.

    Examples
    --------
    >>> require_language("fr")
    Traceback (most recent call last):
    cchc_stats.CchcError: no labels in language 'fr'
      where: lang=
      mend:  use "vi" or "en"
    """
    if lang not in LANGUAGES:
        raise CchcError(f"no labels in language {lang!r}", where="lang=", mend='use "vi" or "en"')
    return lang


class _Words(Mapping[str, Mapping[str, Label]]):
    """Words by subject and code; a file is read when a subject is asked of it."""

    def __init__(self, package: str, names: Sequence[str]) -> None:
        self._package, self._names = package, names

    def __getitem__(self, subject: str) -> Mapping[str, Label]:
        for name in self._names:
            if subject in (words := _words_of(self._package, name)):
                return words[subject]
        raise KeyError(subject)

    def __iter__(self) -> Iterator[str]:
        for name in self._names:
            yield from _words_of(self._package, name)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@cache
def _words_of(package: str, name: str) -> Mapping[str, Mapping[str, Label]]:
    return {
        subject: MappingProxyType({code: _label(**words) for code, words in codes.items()})
        for subject, codes in facts_of(package, name).items()
    }


@cache
def vocabulary(package: str = "cchc_stats.words", *names: str) -> Mapping[str, Mapping[str, Label]]:
    """Return words by subject and code, as TOML files state them; read-only.

    Examples
    --------
    >>> vocabulary()["unit"]["working_days"].en_one
    'working day'
    """
    return _Words(package, names or ("codes.toml", "labels.toml"))


def _label(vi: str, en: str, en_one: str = "", also: Sequence[str] = ()) -> Label:
    return Label(vi, en, en_one, tuple(also))


def word(subject: str, code: str, *, lang: str = "vi") -> str:
    """Return the word for a code of a subject (basis, status, unit, severity, …).

    Examples
    --------
    >>> word("basis", "year_to_date"), word("unit", "percent", lang="en")
    ('lũy kế', '%')
    """
    return vocabulary()[subject][code].in_language(lang)


def listed(texts: Iterable[str], *, most: int = 10, between: str = "; ", more: str = "") -> str:
    """Return texts as one, each once, cut after `most` with the number of those left out.

    Parameters
    ----------
    more : what follows the texts shown, with {n} for that number; "and 1 more" in English where "".

    Examples
    --------
    >>> listed(["a", "b", "a", "c"], most=2)
    'a; b; and 1 more'
    """
    distinct = list(dict.fromkeys(texts))
    left = len(distinct) - most
    if left <= 0:
        return between.join(distinct)
    rest = (more or f"{between}and {{n}} more").format(n=left)
    return between.join(distinct[:most]) + rest


def assessor_name(assessor: str, *, lang: str) -> str:
    """Return who scored in words; a name of the caller's own as it is.

    Examples
    --------
    >>> assessor_name("appraised_1", lang="vi"), assessor_name("Sở Nội vụ", lang="vi")
    ('thẩm định vòng 1', 'Sở Nội vụ')
    """
    label = vocabulary()["assessor"].get(assessor)
    return label.in_language(lang) if label else assessor
