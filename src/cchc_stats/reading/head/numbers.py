"""The documents that a text names: number, symbol, day; and what is odd about them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest

import pandas as pd

from cchc_stats.reading.files import DAY, TEXT, Paragraph, PlainText, plain_text, typed_rows
from cchc_stats.reading.prose import message, patterns
from cchc_stats.reading.report import NUMBERS
from cchc_stats.words import findings_frame, fold, read_date

_LONGEST_SUBJECT = 300  # characters
_SYMBOL = r"(?:[A-Z][A-Za-z]{1,6}(?=[-/])|[A-Z]{1,8}[0-9]{0,2})(?:[-/.&][A-Za-z0-9&]+)*"
_NAMED = re.compile(
    rf"\b(?P<number>[0-9]{{1,6}}[a-z]?(?:/[0-9]{{4}})?)"
    rf"(?:[/-]| ?/ ?(?=[A-Za-z]+-))(?P<symbol>{_SYMBOL})"
    # The number of a letter may be left blank: "Số: /BC-SNV", "Số … /BC-SNV".
    rf"|\b[Ss][oO] ?:? ?[ .…_]*/ ?(?P<blank>{_SYMBOL})"
)

_NEXT = re.compile(
    r"(?:,|;|\bvà\b|\btại\b|\btheo\b|\s)*\b(?:Quyết định|Kế hoạch|Nghị định|Nghị quyết|Thông tư"
    r"|Chỉ thị|Công văn|Văn bản|Báo cáo|Tờ trình|Thông báo|Hướng dẫn|Kết luận"
    r"|Chương trình|Đề án|Luật)(?: liên tịch)?(?: số:?)?$",
    re.IGNORECASE,
)


def document_numbers(paragraphs: Iterable[Paragraph]) -> pd.DataFrame:
    """Return every number of a document that a text names, in the order of the text.

    Parameters
    ----------
    paragraphs : `text` and `place` each.

    Returns
    -------
    Frame `number, symbol, date, subject, place`: "Quyết định số 38/QĐ-SNV ngày 28/02/2020 về việc
    …" is number "38", symbol "QĐ-SNV". `number` is "" where it is left blank. `date` is that which
    follows the number, before another figure; NaT where none does or no calendar has it. `subject`
    is the rest of the sentence, up to the next document; "" where there is none.

    Examples
    --------
    >>> text = "Theo Quyết định số 50/2020/QĐ-UBND ngày 03/8/2020 về chính sách; và"
    >>> numbers = document_numbers([Paragraph(1, text, "", "đoạn 1")])
    >>> numbers[["number", "symbol", "subject"]].values.tolist(), str(numbers["date"][0].date())
    ([['50/2020', 'QĐ-UBND', 'về chính sách']], '2020-08-03')
    """
    rows = [row for one in paragraphs for row in _documents(one)]
    return typed_rows(rows, dict.fromkeys(NUMBERS, TEXT) | {"date": DAY})


def _documents(paragraph: Paragraph) -> Iterator[tuple[object, ...]]:
    wording = plain_text(paragraph.text)
    matches = list(_NAMED.finditer(wording.plain))
    for match, following in zip_longest(matches, matches[1:]):
        end = following.start() if following else len(wording.plain)
        group = "symbol" if match["symbol"] else "blank"
        day, after = _day(wording.plain, match.end(), end)
        number = wording.printed(*match.span("number")) if match["number"] else ""
        symbol = wording.printed(*match.span(group))
        yield number, symbol, day, _subject(wording, after, end), paragraph.place


def _day(plain: str, start: int, end: int) -> tuple[dt.date | None, int]:
    """Return the day that follows a number before any other figure, and where the rest begins."""
    dated = patterns().date.match(plain, start, end)
    read = read_date(fold(dated["day"])) if dated else None
    if dated is None or read is None:
        return None, start
    return read.date, dated.end()


def _subject(wording: PlainText, start: int, end: int) -> str:
    """Return the words up to the end of the sentence, or to the document named next."""
    rest = re.match(r"(?:[^.;()]|\.(?! |$))*", wording.plain[start:end])
    words = wording.printed(start, start + (rest.end() if rest else 0)).strip(" ,:–-")
    # Before the next number stand the words that name its kind.
    cut = _NEXT.sub("", words) if start < end < len(wording.plain) else words
    return cut[:_LONGEST_SUBJECT].strip(" ,")


def number_findings(
    documents: pd.DataFrame,
    *,
    own_symbol: str,
    agency: str = "",
    period: pd.Period | None = None,
    lang: str = "vi",
) -> pd.DataFrame:
    """Return what is odd about the documents that a report names.

    Parameters
    ----------
    documents : see `document_numbers`.
    own_symbol : the reporting agency's, alone or with the kind: "SNV", "BC-SNV"; "" if unknown,
        and then its spellings are not looked at.
    agency, period : for the findings.
    lang : "vi" or "en", of the messages.

    Returns
    -------
    Findings frame, warnings: `number_twice`, one number of one body with two days in one year (each
    year counts anew); `symbol_spellings`, the agency's symbol spelled several ways. Spellings are
    those that a single slip leads to, a letter doubled, dropped or exchanged with its neighbour or
    with another of the same word, from the own symbol or from such a spelling: SKHCN and SKHCCN
    are one, STC and STP are two bodies.

    Examples
    --------
    >>> texts = "Số: /BC-SKHCCN", "Kế hoạch số 42/KH-SKHCN", "Quyết định số 3/QĐ-UBND"
    >>> named = document_numbers(Paragraph(1, text, "", "đoạn 1") for text in texts)
    >>> number_findings(named, own_symbol="SKHCCN", lang="en")["message"].tolist()
    ['the symbol of the agency is spelled 2 ways: SKHCCN (đoạn 1); SKHCN (đoạn 1)']
    """
    spelled = _spellings(documents, own_symbol)
    common: dict[str, object] = {"severity": "warning", "agency": agency, "period": period}
    rows = [common | row for row in _twice(documents, spelled, lang)]
    if len(spelled) > 1:
        bodies = _bodies(documents)
        places_of = {
            body: [
                *dict.fromkeys(
                    place
                    for place, one in zip(documents["place"], bodies, strict=True)
                    if one == body
                )
            ]
            for body in spelled
        }
        places = {body: "; ".join(at) for body, at in places_of.items()}
        shown = {body: _first(at, lang) for body, at in places_of.items()}
        symbols = "; ".join(f"{one} ({shown[one]})" if shown[one] else one for one in spelled)
        rows.append(
            common
            | {
                "rule": "symbol_spellings",
                "where": "; ".join(dict.fromkeys(filter(None, places.values()))),
                "found": "; ".join(spelled),
                "message": message(
                    "symbol_spellings", lang=lang, count=len(spelled), symbols=symbols
                ),
            }
        )
    return findings_frame(rows)


def _twice(documents: pd.DataFrame, spelled: list[str], lang: str) -> Iterator[dict[str, object]]:
    rows: dict[tuple[object, ...], list[int]] = {}
    for row, (number, symbol, body, day) in enumerate(
        zip(
            documents["number"].tolist(),
            documents["symbol"].tolist(),
            _bodies(documents),
            documents["date"].tolist(),
            strict=True,
        )
    ):
        if not number or pd.isna(day):
            continue
        # However it is spelled, the own body is one.
        own = spelled[0] if body in spelled else body
        rows.setdefault((number, _kind(symbol), own, day.year), []).append(row)
    for same in (documents.iloc[several] for several in rows.values() if len(several) > 1):
        days = same.drop_duplicates("date").sort_values("date")
        if len(days) < 2:
            continue
        dates = [
            f"{day:%d/%m/%Y} ({_first(dict.fromkeys(same['place'][same['date'] == day]), lang)})"
            for day in days["date"]
        ]
        symbols = ", ".join(f"{same['number'].iloc[0]}/{one}" for one in same["symbol"].unique())
        yield {
            "rule": "number_twice",
            "where": "; ".join(dict.fromkeys(same["place"])),
            "found": "; ".join(f"{day:%d/%m/%Y}" for day in days["date"]),
            "message": message(
                "number_twice", lang=lang, number=symbols, count=len(days), dates="; ".join(dates)
            ),
        }


def _first(places: Iterable[str], lang: str) -> str:
    """Return the first two of many places, and how many more there are: `where` has them all."""
    first, *others = [*filter(None, places)] or [""]
    if len(others) < 2:
        return "; ".join([first, *others])
    return f"{first} {message('more_places', lang=lang, count=len(others))}"


def _bodies(documents: pd.DataFrame) -> list[str]:
    """Return the body's part of each symbol: "QĐ-SNV" is SNV, and so is "SNV-VP" of a letter."""
    return [_body(symbol) for symbol in documents["symbol"].tolist()]


def _body(symbol: str) -> str:
    parts = re.split("[-/]", symbol)
    return parts[0] if parts[0] not in patterns().kinds or len(parts) == 1 else parts[1]


def _kind(symbol: str) -> str:
    first = re.split("[-/]", symbol)[0]
    return first if first in patterns().kinds else ""


def _spellings(documents: pd.DataFrame, own_symbol: str) -> list[str]:
    """Return the own symbol as spelled, the given one first."""
    if not own_symbol:
        return []
    spelled = [_body(own_symbol)]
    others = [body for body in dict.fromkeys(_bodies(documents)) if body not in spelled]
    for one in spelled:  # it grows: a slip of a slip is the same symbol still
        spelled += [other for other in others if other not in spelled and _one_slip(one, other)]
    return spelled


def _one_slip(one: str, other: str) -> bool:
    """Return whether two symbols of the same letters are a single slip apart."""
    short, long = sorted((fold(one), fold(other)), key=len)
    if set(short) != set(long) or len(short) < 3 or len(long) - len(short) > 1:
        return False
    if len(short) != len(long):
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    apart = [at for at in range(len(short)) if short[at] != long[at]]
    exchanged = len(apart) == 2 and apart[1] == apart[0] + 1
    return len(apart) <= 1 or (exchanged and sorted(short) == sorted(long))
