"""Names of agencies: several spellings of one, what a name is made of, which one is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import Any

from cchc_stats.words.errors import CchcError
from cchc_stats.words.facts import facts_of
from cchc_stats.words.folding import fold, same_spelling

_WORD = re.compile(r"[^\W_]+")
# Ends of words that are spelled two ways: Đắk and Đắc, Mỹ and Mĩ (see `same_spelling`).
_SAME_END = re.compile("(?<=[aeiou])k$|(?<=[bcdghklmnprstvx])y$|(?<=qu)y$")
_JOINT = re.compile(r"\s+và\s+|[\s&,-]+", re.IGNORECASE)
SCORES = {"same": 1.0, "case": 0.98, "spelling": 0.95, "parts": 0.8, "initials": 0.7}
# A town and a district of one name are two agencies; "Ủy ban nhân dân" before them tells nothing.
_COUNCIL = "uy ban nhan dan"
_LEVELS = ("tinh", "thanh pho", "thi xa", "huyen", "quan", "xa", "phuong", "thi tran", "dac khu")
_COMMUNES = _LEVELS[-4:]
_PLACE_FOLLOWS = re.compile(r"\b(?:xa|phuong|thi tran|dac khu|huyen|quan|thi xa)$")
# A province that is not on the list, such as a made-up one, must be called one.
_CALLED = re.compile(r"\w\W+tỉnh\s+(?P<place>[^\W\d_]+(?:\s+[^\W\d_]+){0,3})\s*$", re.IGNORECASE)
_SHORT = re.compile(r"[A-ZĐ][A-ZĐ&-]+")
# What makes something else of a word of a kind: xã hội, phòng cháy, trường hợp, các xã, xã mới.
_NO_NAMES = (
    r"hội|hữu|thông minh|cháy|chống|ngừa|bệnh|hợp|hành|ngành|khác|ngoài|gộp|mới|cũ|và|hoặc|theo|"
    r"đã|chưa|không|còn lại|tất cả|toàn (?:tỉnh|xã|huyện)|các(?! sơn\b)|những|"
    r"cấp (?:xã|phường|huyện|tỉnh|sở)|hồ sơ|"
    r"tiếp nhận|liên thông|trực tuyến|trực tiếp|đúng hạn|quá hạn|số liệu|học(?! viện)|"
    r"đầu(?: kỳ| năm| tháng| quý|$)|(?:t|q|tháng|quý|năm)[. ]?\d+|(?:tháng|quý) [ivx]+"
)
# A name does not end in them: phòng ban, xã phường, UBND xã.
_NO_ENDS = "sở|ban|phòng|xã|phường|thị trấn|trường"
_NUMBERED = r"(?<=quận )\d\d?\b|(?<=phường )\d\d?\b"


def fold_agency(name: str) -> str:
    """Return an agency's name for comparing: folded, abbreviations written out, no punctuation.

    Examples
    --------
    >>> fold_agency("Sở KH&CN Bình Định") == fold_agency("sở khoa học và công nghệ Bình Định")
    True
    """
    return " ".join(
        _SAME_END.sub(_one_end, word) for word in _WORD.findall(fold(written_out(name)))
    )


def written_out(name: str) -> str:
    """Return a name with its abbreviations written out.

    Examples
    --------
    >>> written_out("UBND H. Côn Đảo")
    'Ủy ban nhân dân huyện Côn Đảo'
    """
    words, shorthand = abbreviations(), _shorthand()
    written = shorthand.sub(
        lambda match: words[_letters(match[0])] + " " * match[0].endswith("."),
        unicodedata.normalize("NFC", name),
    )
    return written.replace("&", " và ")


def _one_end(end: re.Match[str]) -> str:
    return "c" if end[0] == "k" else "i"


def several_spellings(names: Iterable[str]) -> list[tuple[str, ...]]:
    """Return the groups of names that may be one agency under several spellings.

    Names that differ in diacritics alone are among them, though two communes may be named so:
    a reason to look, not a verdict.

    Examples
    --------
    >>> several_spellings(["Sở Nội vụ", "SỞ NỘI VỤ", "Sở Tài chính"])
    [('Sở Nội vụ', 'SỞ NỘI VỤ')]
    """
    groups: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        groups.setdefault(fold_agency(name), []).append(name)
    return [tuple(group) for group in groups.values() if len(group) > 1]


@cache
def abbreviations() -> Mapping[str, str]:
    """Return the abbreviations of `agencies.toml` by their letters, and what they stand for."""
    return {_letters(short): full for short, full in _facts()["abbreviations"].items()}


@cache
def _facts() -> Mapping[str, Any]:
    return facts_of("cchc_stats.words.agencies", "agencies.toml")


@cache
def _shorthand() -> re.Pattern[str]:
    """Return the pattern of all abbreviations, the longest first: TTPVHCC is not PVHCC."""
    joints = {"&": r"(?:\s?[&,-]\s?|\s+và\s+)?", "-": r"(?:\s?[,-]\s?)?", " ": r"\s?"}
    longest_first = sorted(_facts()["abbreviations"], key=len, reverse=True)
    each = ("".join(joints.get(char, re.escape(char)) for char in word) for word in longest_first)
    # Behind a dot the name may begin at once: "UBND P.11".
    return re.compile(rf"(?<![\w&])(?:{'|'.join(each)})(?:(?<=\.)|(?![\w&]))", re.IGNORECASE)


def _letters(short: str) -> str:
    return _JOINT.sub("", short).upper()


@dataclass(frozen=True)
class NameParts:
    """What an agency's name is made of, each part as `fold_agency` spells it.

    Attributes
    ----------
    kinds : the words of its kind at its head ("so"; "uy ban nhan dan", "huyen").
    proper : its own name, without "và".
    province : the province that ends it, "" where none does; "Sở Nội vụ tỉnh Bình Định".
    """

    kinds: tuple[str, ...]
    proper: str
    province: str

    @property
    def initials(self) -> str:
        """The first letters of the kind and the own name: skhcn."""
        return "".join(word[0] for part in (*self.kinds, self.proper) for word in part.split())


@lru_cache(maxsize=10_000)
def name_parts(name: str) -> NameParts:
    """Return the parts of an agency's name.

    Examples
    --------
    >>> name_parts("Sở KH&CN tỉnh Bình Định")
    NameParts(kinds=('so',), proper='khoa hoc cong nghe', province='binh dinh')
    >>> name_parts("UBND TX. An Nhơn").kinds, name_parts("UBND tỉnh Gia Lai").proper
    (('uy ban nhan dan', 'thi xa'), 'gia lai')
    """
    rest = fold_agency(name)
    kinds: list[str] = []
    # Behind a level stands a place, which without accents may begin like a kind: "Phong Điền".
    while not {*kinds} & {*_LEVELS} and (kind_words := _kind_words().match(rest)):
        if not (after := rest[kind_words.end() :].strip()):
            break
        kinds.append(kind_words[0])
        rest = after.removeprefix("va ") if kinds[-1].endswith("nhan dan") else after
    # A commune's own name may end like a province's: there the province must be called one.
    commune = {*kinds} & {*_COMMUNES}
    ended = (_province_called_one() if commune else _province_at_end()).fullmatch(rest)
    # "Thừa Thiên Huế" does not end in another province, nor "Trạm Y tế xã Hòa Bình" in one.
    if ended and (rest in provinces() or _PLACE_FOLLOWS.search(ended["proper"])):
        ended = None
    proper, province = (ended["proper"], ended["province"]) if ended else (rest, "")
    called = None if ended else _CALLED.search(unicodedata.normalize("NFC", name))
    if called and rest.endswith(end := f" tinh {fold_agency(called['place'])}"):
        proper, province = rest.removesuffix(end), fold_agency(called["place"])
    words = [word for word in proper.split() if word != "va"]
    return NameParts(tuple(kinds), " ".join(words), province)


def names_agency(text: str) -> bool:
    """Return whether a text is the name of one agency: a word of its kind, and then its own.

    What is known by its kind and level is one too: Công an tỉnh, Kho bạc Nhà nước khu vực II.

    Examples
    --------
    >>> [names_agency(text) for text in ("Sở Y tế", "UBND xã Hòa An", "Số liệu", "Xã hội", "Quý 3")]
    [True, True, False, False, False]
    """
    written = " ".join(written_out(text).split()).casefold()
    kinds = "|".join(sorted((kind.casefold() for kind in _facts()["kinds"]), key=len, reverse=True))
    own = rf"(?!(?:{_NO_NAMES})\b)(?!(?:{_NO_ENDS})$)(?:[^\W\d_]|{_NUMBERED})"
    bodies = "|".join(body.casefold() for body in _facts()["bodies"])
    levels = "tỉnh|thành phố|huyện|quận|thị xã|xã|phường|khu vực|nhà nước|đa khoa"
    # Thanh tra tỉnh is an agency, thanh tra y tế what one is occupied with.
    sector = rf"thanh tra (?!(?:{kinds}|{levels}|chính phủ)\b)"
    name = rf"(?!{sector})(?:(?:{kinds}) )++{own}|(?:{bodies}) (?:{levels})\b"
    return re.match(name, written) is not None


@cache
def departments() -> Mapping[str, str]:
    """Return the departments of provinces as they are spelled, by their folded name.

    Examples
    --------
    >>> departments()["so tu phap"]
    'Sở Tư pháp'
    """
    return {fold(name): name for name in _facts()["departments"]}


def name_in_small_letters(name: str) -> str:
    """Return a name that is printed in capitals as letters write it, as far as words tell.

    Words of the field have their usual capitals, levels of administration none; every other word
    is taken for a name.

    Examples
    --------
    >>> name_in_small_letters("ỦY BAN NHÂN DÂN XÃ PHƯỚC SƠN")
    'Ủy ban nhân dân xã Phước Sơn'
    >>> name_in_small_letters("SỞ NÔNG NGHIỆP, MÔI TRƯỜNG")
    'Sở Nông nghiệp, Môi trường'
    """
    words = unicodedata.normalize("NFC", name).split()
    keys = [same_spelling(word).strip(",") for word in words]
    written: list[str] = []
    while len(written) < len(words):
        at = len(written)
        term = next(
            (one for key, one in _terms().items() if list(key) == keys[at : at + len(key)]), ()
        )
        for printed, spelled in zip(words[at:], term or (_as_name(words[at]),), strict=False):
            written.append(spelled + "," * printed.endswith(","))
    return " ".join([written[0][:1].upper() + written[0][1:], *written[1:]]) if written else name


def _as_name(word: str) -> str:
    """Return a word as names are written; figures and initials stay as they are."""
    bare = word.strip(",.")
    if re.fullmatch("[IVX]+", bare) or not re.search("[aeiouy]", fold(bare)):
        return bare
    return "-".join(part[:1].upper() + part[1:].lower() for part in bare.split("-"))


@cache
def _terms() -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Return the words of names with their usual capitals by their keys, the longest first."""
    parts = [part for name in departments().values() for part in re.split(" và |, | - ", name)]
    names = [part.removeprefix("Sở ") for part in parts]
    spelled = {tuple(name.split()) for name in (*names, *_facts()["kinds"], *_facts()["terms"])}
    longest_first = sorted(spelled, key=lambda words: (-len(words), words))
    return {tuple(same_spelling(word) for word in words): words for words in longest_first}


@cache
def provinces() -> Mapping[str, str]:
    """Return the names of the provinces, past and present, by their folded spelling."""
    return {fold_agency(name): name for name in _facts()["provinces"]}


@cache
def cities() -> frozenset[str]:
    """Return the provinces that were centrally run cities before any change, folded."""
    return frozenset(fold_agency(name) for name in _facts()["cities"])


@cache
def homonyms() -> frozenset[str]:
    """Return the provinces that a town of a district's level bore the name of, folded."""
    return frozenset(fold_agency(name) for name in _facts()["towns"])


@cache
def _kind_words() -> re.Pattern[str]:
    words = sorted((fold_agency(kind) for kind in _facts()["kinds"]), key=len, reverse=True)
    # "Ban Quản lý", not "quận": the words have lost their accents.
    return re.compile(rf"(?!quan l[iy]\b)(?:{'|'.join(words)})\b")


@cache
def _province_called_one() -> re.Pattern[str]:
    names = "|".join(sorted(provinces(), key=len, reverse=True))
    return re.compile(rf"(?P<proper>.+?) (?:tinh|thanh pho) (?P<province>{names})")


@cache
def _province_at_end() -> re.Pattern[str]:
    names = "|".join(sorted(provinces(), key=len, reverse=True))
    return re.compile(rf"(?P<proper>.+?)(?: tinh| thanh pho)? (?P<province>{names})")


@dataclass(frozen=True)
class Match:
    """A printed name and the one of the names to choose among that it stands for.

    Attributes
    ----------
    name : the name chosen; "" where there is none or more than one: nothing is guessed.
    how : `same`; `case` (case, spaces, composition of letters, where the mark of a tone stands, a
        last i or y, c or k); `spelling` (letters without their marks, punctuation, abbreviations);
        `parts` (the kind, "Ủy ban nhân dân" or the province is left out in one of them, or it is a
        province that became a city); `initials` ("SKHCN"); `ambiguous`; `unknown`.
    score : how sure that is, 1 for the same name, 0 for none: an order of the ways, no
        probability.
    candidates : the names among which an ambiguous one does not decide, or the nearest to an
        unknown one.

    Examples
    --------
    >>> match = match_agency("SNV", ["Sở Nội vụ", "Sở Tài chính"])
    >>> match.name, match.how
    ('Sở Nội vụ', 'initials')
    """

    name: str
    how: str
    score: float
    candidates: tuple[str, ...] = ()


def match_agency(name: str, known: Iterable[str]) -> Match:
    """Return which of several agencies a printed name means.

    The surest way that finds one decides: the same name; case and spaces; diacritics and
    abbreviations; a name without its kind or province; initials. Where a way finds several, the
    answer is `ambiguous` and no other way is tried. No way corrects a spelling mistake, and none
    takes one level or kind for another ("huyện An Nhơn" is not "thị xã An Nhơn").

    Parameters
    ----------
    name : as printed.
    known : the names to choose among.

    Raises
    ------
    CchcError
        A name that is no text.

    Examples
    --------
    >>> agencies = ["Sở Nội vụ", "Sở Khoa học và Công nghệ", "UBND thị xã An Nhơn"]
    >>> match_agency("SỞ KH&CN TỈNH BÌNH ĐỊNH", agencies)
    Match(name='Sở Khoa học và Công nghệ', how='parts', score=0.8, candidates=())
    >>> match_agency("huyện An Nhơn", agencies).how
    'unknown'
    >>> match_agency("Sở Nội vụ", ["Sở Nội vụ Gia Lai", "Sở Nội vụ Phú Thọ"])
    Match(name='', how='ambiguous', score=0.0, candidates=('Sở Nội vụ Gia Lai', ...))
    """
    names = [known] if isinstance(known, str) else [*dict.fromkeys(known)]
    if strange := [one for one in (name, *names) if not isinstance(one, str)]:
        raise CchcError(
            f"an agency's name is a text, not {strange[0]!r}",
            where="name=" if strange[0] is name else "known=",
            mend="give names as text, and leave missing ones out",
        )
    if not fold_agency(name):
        return Match("", "unknown", 0.0)
    for how, same in _WAYS.items():
        fitting = [one for one in names if same(name, one)]
        if len(fitting) == 1 and not (how == "parts" and _may_be_a_town(name, fitting[0])):
            return Match(fitting[0], how, SCORES[how])
        if fitting:
            return Match("", "ambiguous", 0.0, tuple(fitting))
    return Match("", "unknown", 0.0, _nearest(name, names))


def alike_names(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return for each name the others that `match_agency` could take it for, or for it.

    Thousands of names are so compared by what each is made of, and not two by two.

    Examples
    --------
    >>> alike_names(["Sở Y tế", "SYT", "Sở Nội vụ"])
    {'Sở Y tế': ('SYT',), 'SYT': ('Sở Y tế',), 'Sở Nội vụ': ()}
    """
    keys = {name: _match_keys(name) for name in names}
    holders: dict[str, list[str]] = {}
    for name, some in keys.items():
        for key in some:
            holders.setdefault(key, []).append(name)
    return {
        name: tuple(dict.fromkeys(one for key in some for one in holders[key] if one != name))
        for name, some in keys.items()
    }


def _match_keys(name: str) -> tuple[str, ...]:
    """Return texts of which two names share one where any way takes them for each other."""
    parts = name_parts(name)
    keys = [fold_agency(name).replace(" ", ""), parts.proper.removesuffix(" tinh")]
    keys.append(f"{parts.initials}.")
    if short := _initials_in(name):
        keys.append(f"{short}.")
    if parts.proper == "tinh" or parts.kinds[-1:] == ("tinh",):
        keys.append("/".join(kind for kind in parts.kinds if kind != "tinh") + "/")
    return tuple(dict.fromkeys(keys))


def _may_be_a_town(name: str, candidate: str) -> bool:
    """Return whether "thành phố X" may be the town in the province X and not the province."""
    one, other = name_parts(name), name_parts(candidate)
    levels = {parts.kinds[-1] for parts in (one, other) if parts.kinds}
    return {"tinh", "thanh pho"} == levels and one.proper in homonyms()


def _same_parts(name: str, candidate: str) -> bool:
    """Return whether two names differ only by what may be left out."""
    one, other = name_parts(name), name_parts(candidate)
    if _is_of_the_province(one, other) or _is_of_the_province(other, one):
        return True
    provinces = {parts.province for parts in (one, other) if parts.province}
    if (
        one.proper != other.proper
        or len(provinces) > 1
        or not _marks_agree(name, candidate, one.proper)
    ):
        return False
    return _same_kinds(one, other)


def _is_of_the_province(bare: NameParts, full: NameParts) -> bool:
    """Return whether a name ends in "tỉnh" where another one names the province: Thanh tra tỉnh."""
    if bare.proper == "tinh":
        return full.kinds == (*bare.kinds, "tinh")
    named = bare.proper.endswith(" tinh") and bool(full.province)
    return named and (bare.kinds, bare.proper) == (full.kinds, f"{full.proper} tinh")


def _marks_agree(name: str, candidate: str, of: str = "") -> bool:
    """Return whether no word of two names is another by its marks: Thủy is no Thúy.

    A word without any mark may stand for each that it is left over of; `of` are the words that are
    held together, "" for all.
    """
    one, other = _marked(name), _marked(candidate)
    return all(
        not (one[word] and other[word]) or bool(one[word] & other[word])
        for word in {*(of.split() or one)} & {*one} & {*other}
    )


@lru_cache(maxsize=10_000)
def _marked(name: str) -> Mapping[str, frozenset[str]]:
    """Return the spellings of each word of a name, without those that bear no mark."""
    spellings: dict[str, set[str]] = {}
    for word in _WORD.findall(written_out(name)):
        spelled = spellings.setdefault(fold_agency(word), set())
        if not word.isascii():
            spelled.add(same_spelling(word))
    return {word: frozenset(spelled) for word, spelled in spellings.items()}


def _same_kinds(one: NameParts, other: NameParts) -> bool:
    """Return whether the kinds of two names differ only by what may be left out."""
    kinds, others = (
        tuple(kind for kind in parts.kinds if kind != _COUNCIL) for parts in (one, other)
    )
    if kinds == others:
        # "UBND huyện X" and "huyện X"; without a level, both or none are a committee.
        return bool(kinds) or one.kinds == other.kinds
    if {kinds, others} == {("tinh",), ("thanh pho",)}:
        # A province that became a city; of one whose name a town bore as well nobody knows.
        return bool(one.proper in provinces() and one.kinds[:-1] == other.kinds[:-1])
    bare, full = sorted((kinds, others), key=len)
    if bare or len(full) > 1:
        return False
    # A ward's number tells nothing without its kind.
    named = sum(map(str.isalpha, one.proper)) > 1
    of_a_kind = full[0] in ("so", "ban") and not (one.kinds and other.kinds)
    return named and (full[0] in _LEVELS or of_a_kind)


def _same_initials(name: str, candidate: str) -> bool:
    short, other = _initials_in(name), name_parts(candidate)
    one_province = name_parts(name).province in ("", other.province) or not other.province
    return len(other.initials) > 2 and short == other.initials and one_province


def _initials_in(name: str) -> str:
    """Return the letters of a name of initials, "SNV" or "SNV tỉnh Gia Lai"; "" of any other."""
    short, _, rest = unicodedata.normalize("NFC", name).strip().partition(" ")
    parts = name_parts(name)
    # One word of capitals: in "UBND phường 11" letters and numbers would mix.
    if not _SHORT.fullmatch(short) or (
        rest and (parts.kinds or " " in parts.proper or not parts.province)
    ):
        return ""
    return fold(re.sub("[&-]", "", short))


_WAYS: dict[str, Callable[[str, str], bool]] = {
    "same": str.__eq__,
    "case": lambda name, candidate: same_spelling(name) == same_spelling(candidate),
    "spelling": lambda name, candidate: (
        # Ia Grai and IaGrai are one, and so are Ea H'Leo and Ea HLeo.
        fold_agency(name).replace(" ", "") == fold_agency(candidate).replace(" ", "")
        and _marks_agree(name, candidate)
    ),
    "parts": _same_parts,
    "initials": _same_initials,
}


def _nearest(name: str, names: Collection[str]) -> tuple[str, ...]:
    folded = {fold_agency(one): one for one in names}
    near = get_close_matches(fold_agency(name), folded, n=3, cutoff=0.75)
    return tuple(folded[one] for one in near)
