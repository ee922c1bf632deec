"""Which files of a folder, a glob or a list are reports, and which nobody meant as such."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from pathlib import Path

from cchc_stats.words import ReadError

# What is tried: what can be read, and what is refused with a word on how to save it anew.
SUFFIXES = (
    *(".docx", ".docm", ".xlsx", ".xlsm", ".txt", ".html", ".htm", ".xls", ".ods", ".pdf"),
    *(".doc", ".odt", ".rtf"),
)
HEAD = "report.toml"
LOCK, HIDDEN = "tệp khóa của chương trình đang mở tệp", "tệp ẩn"
OTHER, NO_HEAD = "đuôi tệp không phải của báo cáo", f"thư mục không có {HEAD}"
TWICE = "đã có trong danh sách"

Paths = str | Path | Iterable[str | Path]


def report_paths(paths: Paths) -> tuple[list[Path], list[tuple[str, str]]]:
    """Return the paths to read in order, and (path, reason) of those that are passed over.

    A folder with `report.toml` is a report; any other folder gives its files and those of its
    folders that are reports, by name. Folders below are not searched.

    Raises
    ------
    ReadError
        What is given is no path, or nothing of it is a report.
    """
    given: list[str | Path]
    try:
        given = [paths] if isinstance(paths, str | Path) else [*paths]
    except TypeError:
        given = [None]  # type: ignore[list-item]
    if strange := [path for path in given if not isinstance(path, str | Path)]:
        raise ReadError(
            f"this is no path: {strange[0]!r}",
            where="paths=",
            mend="give a folder, a glob such as reports/*.docx, or a list of paths",
        )
    found: list[Path] = []
    skipped: list[tuple[str, str]] = []
    seen: set[Path] = set()
    for path, listed in (each for one in given for each in _expanded(one)):
        reason = _reason(path, listed=listed)
        if not reason and (real := path.absolute()) in seen:
            reason = TWICE
        elif not reason:
            seen.add(real)
        if reason:
            skipped.append((str(path), reason))
        else:
            found.append(path)
    if not found:
        raise ReadError(
            f"there is no report to read; {len(skipped)} files are passed over",
            where="; ".join(map(str, given)),
            mend="give a folder with .docx, .xlsx or .txt files or with folders that hold "
            f"{HEAD}, a glob, or a list of paths",
        )
    return found, skipped


def _expanded(given: str | Path) -> Iterator[tuple[Path, bool]]:
    """Yield each path of one that is given, and whether it was found there and not named."""
    path = Path(given)
    if not _is_there(path) and glob.has_magic(str(given)):
        # Path.glob takes no pattern that begins at the root.
        matching = glob.glob(str(given), recursive=True)  # noqa: PTH207
        yield from ((Path(one), True) for one in sorted(matching))
    elif path.is_dir() and not (path / HEAD).is_file():
        try:
            inside = sorted(path.iterdir())
        except OSError as error:
            raise ReadError(
                f"the folder cannot be read: {error.strerror}",
                where=str(path),
                mend="check that you may read it",
            ) from error
        yield from ((one, True) for one in inside)
    else:
        yield path, False


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False


def _reason(path: Path, *, listed: bool) -> str:
    """Return why a path is passed over, "" where it is read; one that is named is read."""
    if path.name.startswith(("~$", ".~lock")):
        return LOCK
    if listed and path.name.startswith("."):
        return HIDDEN
    if listed and path.is_dir():
        return "" if (path / HEAD).is_file() else NO_HEAD
    return OTHER if listed and path.suffix.lower() not in SUFFIXES else ""
