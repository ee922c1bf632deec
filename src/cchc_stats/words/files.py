"""Files that leave the library: there in full or not at all, safe to open in a spreadsheet.

Every file goes through `write_whole`: a write that fails, or is killed, leaves the old one as it
was.
"""

from __future__ import annotations

import gzip
import io
import os
import platform
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pandas as pd

from cchc_stats.words.errors import CchcError, ReadError

# What XML has no letter for; a tab and line breaks are taken for blanks by readers.
_NO_LETTER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Texts that a spreadsheet would take for the start of a formula, but for plain numbers and "-".
_FORMULA = r"'*[=+\-@\t\r\n]"
_PLAIN = r"-|[+-][\d.,]+%?"
NUMBERED = "row_of_"  # and how many: the column that numbers the rows of a file
# When a file was made is none of its content: the first day that a ZIP file can hold.
NO_DATE = datetime(1980, 1, 1)
# A number of the machine, so that a folder which several share keeps what others are writing.
_NODE = f"{zlib.crc32(platform.node().encode()):08x}"


def write_whole(path: Path, data: bytes) -> Path:
    """Put a file in its place, in one step that no reader sees half done, and return its path.

    A link is followed: the file it leads to is replaced.

    Raises
    ------
    CchcError
        The target is a folder, is write-protected, or its folder is not there, cannot be written
        or has no room left.
    """
    require_file_target(path)
    target = Path(os.path.realpath(path))
    name = ""
    try:
        clear_leftovers(target.parent)
        with tempfile.NamedTemporaryFile(
            dir=target.parent, prefix=own_prefix(), delete=False
        ) as file:
            name = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # What a temporary file may be read by is its owner alone; keep what the old one allowed.
        Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(name).replace(target)
    except OSError as error:
        raise CchcError(
            f"the file cannot be written: {error.strerror or error}",
            where=str(path),
            mend="give a folder you may write to that has room, and close programs that have the "
            "file open; what was there is unchanged",
        ) from error
    finally:
        if name:
            Path(name).unlink(missing_ok=True)
    return path


def write_table(path: Path, table: pd.DataFrame) -> Path:
    """Write a frame as CSV for people: UTF-8 with the mark of spreadsheets, no text calculates.

    Raises
    ------
    CchcError : as `write_whole`, or a text that no document can hold.
    """
    return write_whole(path, csv_bytes(table, compressed=path.name.endswith(".gz")))


def csv_bytes(table: pd.DataFrame, *, compressed: bool = False, decimal: str = ".") -> bytes:
    """Return a frame as the bytes of a CSV file, guarded by `spreadsheet_safe`.

    With decimal commas semicolons stand between the cells.
    """
    safe = spreadsheet_safe(table)
    try:
        # Lines end in CR LF so that a CR in a text is quoted: bare, it would end the line on
        # reading.
        data = safe.to_csv(
            index=False, lineterminator="\r\n", decimal=decimal, sep=";" if decimal == "," else ","
        ).encode("utf-8-sig")
    except UnicodeEncodeError as error:
        raise CchcError(
            f"a letter that no document can hold: {error.object[error.start]!r}",
            where=repr(error.object[max(0, error.start - 40) : error.start + 40]),
            mend="delete it in the text",
        ) from error
    return gzip.compress(data, mtime=0) if compressed else data


def spreadsheet_safe(table: pd.DataFrame) -> pd.DataFrame:
    """Return the table with an apostrophe before each text that a spreadsheet would calculate.

    Texts of documents may begin with "=", "+", "-" or "@", which spreadsheets take for the start of
    a formula; those that are plain numbers, and a lone "-", stay as they are. `unguarded` takes the
    apostrophes away again.

    Examples
    --------
    >>> table = pd.DataFrame({"text": ["=1+1", "- Số đơn vị", "-", "-5", "+0,10%", "TTHC"]})
    >>> spreadsheet_safe(table)["text"].tolist()
    ["'=1+1", "'- Số đơn vị", '-', '-5', '+0,10%', 'TTHC']
    """
    safe = table.copy()
    for name in safe.columns:
        if pd.api.types.is_string_dtype(safe[name].dtype):
            risky = safe[name].str.match(_FORMULA, na=False)
            if risky.any():
                plain = safe[name].str.fullmatch(_PLAIN, na=False)
                safe[name] = safe[name].mask(risky & ~plain, "'" + safe[name])
    return safe


def unguarded(texts: pd.Series) -> pd.Series:
    """Return texts as they were before `spreadsheet_safe`.

    Examples
    --------
    >>> unguarded(pd.Series(["'=1+1", "''-x", "'TTHC"])).tolist()
    ['=1+1', "'-x", "'TTHC"]
    """
    guarded = texts.str.match("'" + _FORMULA, na=False)
    return texts.mask(guarded, texts.str[1:]) if guarded.any() else texts


def is_numbered(name: object) -> bool:
    """Return whether a column's name is, or begins like, that of the numbers of a file's rows."""
    return str(name).startswith(NUMBERED)


def without_row_numbers(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return a table as it is, or without the column that numbers its rows.

    Raises
    ------
    ReadError
        The column's name says that there are more rows, or one of them is cut.

    Examples
    --------
    >>> table = pd.DataFrame({"agency": ["Sở A", "Sở B"], "row_of_2": ["1", "2"]})
    >>> list(without_row_numbers(table, Path("answers.csv")))
    ['agency']
    """
    named = [str(name) for name in table if is_numbered(name)]
    name = next((name for name in named if name.removeprefix(NUMBERED).isdecimal()), None)
    if name is None:
        return table
    count = int(name.removeprefix(NUMBERED))
    numbers = pd.to_numeric(table[name], errors="coerce")
    cut = [at for at, number in enumerate(numbers, 2) if not 1 <= number <= count]
    lost = sorted(set(range(1, count + 1)) - set(numbers))
    if cut or lost or len(numbers) != count:
        where = f"line {cut[0]}" if cut else f"row {lost[0]}" if lost else f"line {count + 2}"
        raise ReadError(
            f"of {count} rows that the head states {count - len(lost)} are whole",
            where=f"{path}, {where}, column {name}",
            mend="write or copy the file again; if rows were taken out on purpose, delete the "
            f"column {name}",
        )
    return table.drop(columns=name)


def require_letters(texts: Iterator[str] | list[str]) -> None:
    """Refuse texts with a letter that no document can hold."""
    for text in texts:
        if unheld := _NO_LETTER.search(text):
            raise CchcError(
                f"a letter that no document can hold: {unheld[0]!r}",
                where=repr(text[:80]),
                mend="delete it in the name",
            )


def undated(archive: bytes) -> bytes:
    """Return a ZIP file, as .docx and .xlsx are, without the time at which it was made."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for member in old.infolist():
            new.writestr(
                zipfile.ZipInfo(member.filename, NO_DATE.timetuple()[:6]), old.read(member), 8
            )
    return made.getvalue()


@contextmanager
def written_beside(folder: Path) -> Iterator[Path]:
    """Give a folder to write into, inside the one that its files are to be moved into."""
    clear_leftovers(folder)
    with tempfile.TemporaryDirectory(dir=folder, prefix=own_prefix()) as name:
        yield Path(name)


def own_prefix() -> str:
    """Return what the names of this process's unfinished files begin with."""
    return f".new-{_NODE}-{os.getpid()}-"


def clear_leftovers(folder: Path) -> None:
    """Remove the unfinished files of processes of this machine that are no more."""
    for left in folder.glob(f".new-{_NODE}-*"):
        number = left.name.split("-")[2]
        if number.isdigit() and not _lives(int(number)):
            try:
                if left.is_dir():
                    for file in left.iterdir():
                        file.unlink()
                    left.rmdir()
                else:
                    left.unlink()
            except OSError:
                continue  # another's, or cleared by another at this moment


def _lives(process: int) -> bool:
    if os.name != "posix":
        return True  # there, asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def require_file_target(path: Path) -> None:
    """Refuse a target that can take no file, before anything is computed for it."""
    try:
        is_folder, exists, has_folder = path.is_dir(), path.exists(), path.parent.is_dir()
        protected = exists and not path.stat().st_mode & 0o222
    except OSError as error:
        raise CchcError(
            f"the target cannot be looked at: {error.strerror or error}",
            where=str(path)[:200],
            mend="give a path you may read and write, with a shorter name",
        ) from error
    if is_folder:
        raise CchcError(
            "the target is a folder, not a file", where=str(path), mend="add a name for the file"
        )
    if not has_folder:
        raise CchcError(
            "there is no such folder to write into", where=str(path.parent), mend="make it first"
        )
    if protected:
        raise CchcError(
            "the target is write-protected", where=str(path), mend="give another name, or unlock it"
        )


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
