"""`write_findings`: a folder of letters to the units."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from io import BytesIO
from pathlib import Path

import pandas as pd

from cchc_stats.publishing.letterhead import province_in
from cchc_stats.publishing.letters.contents import Letter, letters_of, one_spelling, text
from cchc_stats.publishing.letters.drawing import draw_docx, draw_xlsx
from cchc_stats.reading import Units
from cchc_stats.words import (
    NO_DATE,
    CchcError,
    fold,
    require_language,
    require_quarters,
    write_whole,
)

_NEEDED = ("severity", "rule", "agency", "period", "file", "where", "message")
_MISSING = ("agency", "period", "form", "reason")
_CORE, _END = "docProps/core.xml", b"</cp:coreProperties>"
_MARK = re.compile(rb"<dc:identifier>cchc_stats (?P<period>\S+) (?P<content>\w+)</dc:identifier>")
LONGEST = 80  # letters of a file's name


def write_findings(
    findings: pd.DataFrame,
    folder: str | Path,
    *,
    units: Units | Iterable[str] | None = None,
    period: pd.Period | str | None = None,
    earlier: pd.DataFrame | None = None,
    missing: pd.DataFrame | None = None,
    sender: str | None = None,
    xlsx: bool = False,
    notes: bool = False,
    clean: bool = False,
    lang: str = "vi",
) -> list[Path]:
    """Write to each unit what was found in its report, as a letter that can be signed and sent.

    Parameters
    ----------
    findings : what `check` found, of one report or of many.
    folder : to write into; made where it is not there. What an earlier call wrote there for the
        same quarter and this one does not write is removed, unless it has been changed since; a
        file that has been changed, or is another's, is left, and the letter gets a name of its own.
    units : the units in their order: what `read_units` returns, or names. Agencies are called as
        they are there; without it, by the longest of their spellings.
    period : the quarter of the letters; the latest of the findings if not given. A finding of
        another quarter is told with it.
    earlier : findings of the edition before: the letters say what is mended, what is not, and what
        is new. Points are matched by their words and place, whatever their figures are now. A
        unit of which there are none is told as for the first time.
    missing : what `missing_reports` returns: who has sent nothing is reminded, and forms that a
        report lacks are named.
    sender : who writes; the department of home affairs if not given.
    xlsx : whether to write each letter's points as a workbook as well.
    notes : whether to tell notes at the end; they want no answer.
    clean : whether a unit of `units` in whose report nothing is wrong gets a letter too.
    lang : language of the letter, "vi" or "en"; the findings are in theirs (see `check`).

    Returns
    -------
    Paths of the files, in the order of the units. A letter has the form of Decree 30/2020/NĐ-CP;
    number, place, day and signature are left open. Errors are to be mended, warnings are asked, and
    each has room for the answer. The same findings make the same bytes.

    Raises
    ------
    CchcError
        No findings frame; a finding that names no agency; no quarter; a folder that is a file or
        cannot be written.

    Source
    ------
    Decree 30/2020/NĐ-CP, annex I (form of documents), annex III (form 1.5).

    Examples
    --------
    >>> from cchc_stats.words import findings_frame
    >>> found = findings_frame([{"severity": "error", "rule": "identity", "agency": "Sở Y tế",
    ...     "period": "2026Q3", "message": "hồ sơ đã giải quyết 260, nhưng trả đúng hạn 251"}])
    >>> folder = getfixture("tmp_path")
    >>> [path.name for path in write_findings(found, folder)]
    ['2026Q3-so-y-te.docx']
    """
    require_language(lang)
    quarter = _required(findings, earlier, missing, period)
    folder = Path(folder)
    listed, named = _names(units, [findings, earlier, missing])
    letters = letters_of(
        findings,
        name_of=named,
        units=listed,
        period=quarter,
        earlier=earlier,
        missing=missing,
        lang=lang,
    )
    letters = [one for one in letters if one.kind != "clean" or (clean and one.unit in listed)]
    who = sender or text("head", "sender", lang=lang)
    province = getattr(units, "province", None) or _province([letter.unit for letter in letters])
    drawn: list[tuple[str, str, bytes]] = []
    for letter, name in zip(letters, _file_names(letters), strict=True):
        made = draw_docx(letter, sender=who, province=province, notes=notes, lang=lang)
        drawn.append((name, ".docx", made))
        if xlsx and letter.kind != "reminder":
            drawn.append((name, ".xlsx", draw_xlsx(letter, notes=notes, lang=lang)))
    return _put(drawn, folder, quarter)


def _required(
    findings: object,
    earlier: object,
    missing: object,
    period: pd.Period | str | None,
) -> pd.Period:
    """Refuse what is no findings; return the quarter of the letters."""
    for name, frame, needed, maker in (
        ("findings=", findings, _NEEDED, "check"),
        ("earlier=", earlier, _NEEDED, "check"),
        ("missing=", missing, _MISSING, "missing_reports"),
    ):
        if frame is None and name != "findings=":
            continue
        columns = set(frame.columns) if isinstance(frame, pd.DataFrame) else set()
        if not {*needed} <= columns:
            lacks = f" without {', '.join(sorted({*needed} - columns))}" if columns else ""
            raise CchcError(
                f"letters are made of what {maker} returns, not of {type(frame).__name__}{lacks}",
                where=name,
                mend=f"give what {maker} returns",
            )
    if period is not None:
        quarter: pd.Period = require_quarters(pd.Series([period], dtype=object), where="period=")[0]
        return quarter
    frames = [one for one in (findings, missing, earlier) if isinstance(one, pd.DataFrame)]
    quarters: list[pd.Period] = [one for frame in frames for one in frame["period"].dropna()]
    if not quarters:
        raise CchcError(
            "nothing says of which quarter the letters are",
            where="period=",
            mend='give it: period="2026Q3"',
        )
    return max(quarters)


def _names(
    units: Units | Iterable[str] | None, frames: Iterable[pd.DataFrame | None]
) -> tuple[list[str], Callable[[str], str]]:
    """Return the names of the units that are listed, and what finds the name of an agency."""
    found = [
        str(name)
        for frame in frames
        if frame is not None
        for name in frame["agency"].dropna().unique()
    ]
    if units is None:
        return [], one_spelling(found)
    if isinstance(units, Units):
        match = units.match
        return [*units.names], lambda name: match(name) or name
    listed = [units] if isinstance(units, str) else [*dict.fromkeys(map(str, units))]
    spelled = one_spelling(listed)
    return listed, spelled


def _province(units: Iterable[str]) -> str:
    """Return the one province that names of units end in, else ""."""
    found = {province_in(name) for name in units} - {""}
    return found.pop() if len(found) == 1 else ""


def _file_names(letters: Iterable[Letter]) -> list[str]:
    """Return the names of the files without their endings: letters and figures of ASCII, unique."""
    units = [letter.unit for letter in letters]
    names: dict[str, str] = {}
    for unit in sorted(units):
        words = "-".join(re.findall("[a-z0-9]+", fold(unit)))[:LONGEST].strip("-") or "unit"
        name, number = words, 2
        while name in names.values():
            name, number = f"{words}-{number}", number + 1
        names[unit] = name
    return [names[unit] for unit in units]


def _put(drawn: Iterable[tuple[str, str, bytes]], folder: Path, quarter: pd.Period) -> list[Path]:
    """Write the files, beside what is another's, and remove what no longer applies."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        own = {path for path in folder.iterdir() if _period_written(path) == str(quarter)}
        is_there = {path for path in folder.iterdir()} - own
    except OSError as error:
        raise CchcError(
            f"the folder of letters cannot be written: {error.strerror or error}",
            where=str(folder),
            mend="give a folder you may write to, new or of an earlier run",
        ) from error
    written = []
    for name, ending, archive in drawn:
        path, number = folder / f"{quarter}-{name}{ending}", 2
        while path in is_there or path in written:
            path, number = folder / f"{quarter}-{name}-{number}{ending}", number + 1
        written.append(write_whole(path, _marked(archive, quarter)))
    for path in own - {*written}:
        path.unlink(missing_ok=True)
    return written


def _marked(archive: bytes, quarter: pd.Period) -> bytes:
    """Return a document undated, with a mark by which it is known until somebody changes it."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as old, zipfile.ZipFile(made, "w", 8) as new:
        members = {name: old.read(name) for name in old.namelist()}
        mark = f"<dc:identifier>cchc_stats {quarter} {_digest(members)}</dc:identifier>"
        members[_CORE] = members[_CORE].replace(_END, mark.encode() + _END)
        for name, content in members.items():
            new.writestr(zipfile.ZipInfo(name, NO_DATE.timetuple()[:6]), content, 8)
    return made.getvalue()


def _digest(members: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(members):
        if not name.startswith("docProps/"):
            digest.update(name.encode() + b"\0" + members[name])
    return digest.hexdigest()


def _period_written(path: Path) -> str:
    """Return the quarter of a file that was written here and is as it was, else ""."""
    if path.suffix not in (".docx", ".xlsx") or path.name.startswith("~$"):
        return ""
    try:
        with zipfile.ZipFile(path) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except (OSError, zipfile.BadZipFile):
        return ""
    mark = _MARK.search(members.get(_CORE, b""))
    is_unchanged = mark is not None and mark["content"].decode() == _digest(members)
    return mark["period"].decode() if mark and is_unchanged else ""
