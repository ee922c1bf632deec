"""What a report was read from, and with what: by which the same reading is known again."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

import pandas as pd

from cchc_stats.words import PeriodError, ReadError, parse_period

NOT_READ = "answers.csv"  # of a report's folder: scoring reads it itself


def digest_of(path: str | Path) -> str:
    """Return the SHA-256 of a file's bytes, or of the names and bytes of a folder's files.

    Raises
    ------
    ReadError
        Nothing there, or it cannot be read.

    Examples
    --------
    >>> len(digest_of("data/binh-dinh-skhcn-2020q3"))
    64
    """
    path = Path(path)
    try:
        if not path.is_dir():
            return hashlib.sha256(path.read_bytes()).hexdigest()
        each = hashlib.sha256()
        for file in sorted(path.iterdir()):
            if file.suffix.lower() in (".csv", ".toml") and file.name.lower() != NOT_READ:
                own = hashlib.sha256(file.read_bytes()).hexdigest()
                each.update(f"{file.name} {own}\n".encode(errors="surrogateescape"))
        return each.hexdigest()
    except OSError as error:
        raise ReadError(
            f"the file cannot be read: {error.strerror or error}",
            where=str(path),
            mend="check the path, and that you may read it",
        ) from error


def options_text(**options: object) -> str:
    """Return reading options as JSON, "" for none; a file is named by its digest.

    Examples
    --------
    >>> options_text(agency="Sở A", period="quý III năm 2020", layouts=None)
    '{"agency": "Sở A", "period": "2020Q3"}'
    """
    given = {name: _told(name, one) for name, one in options.items() if one is not None}
    return json.dumps(given, ensure_ascii=False, sort_keys=True) if given else ""


def _told(name: str, option: object) -> str:
    if name == "period":
        try:
            return str(parse_period(option))  # type: ignore[arg-type]
        except PeriodError:
            return str(option)  # which reading refuses
    if name == "agency":
        return str(option)
    if isinstance(option, str | Path):
        return digest_of(option)
    parts = [one.name for one in dataclasses.fields(option) if one.name != "source"]  # type: ignore[arg-type]
    told = "\n".join(_plain(getattr(option, name)) for name in parts)
    return hashlib.sha256(told.encode(errors="surrogateescape")).hexdigest()


def _plain(part: object) -> str:
    return repr(part.to_dict("list") if isinstance(part, pd.DataFrame) else part)
