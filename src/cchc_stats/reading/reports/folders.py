"""Folders of reports below a folder: a folder a quarter, a folder a unit."""

from __future__ import annotations

from pathlib import Path

from cchc_stats.reading.reports.many import HEAD


def folders_below(path: str | Path, *, without: Path | None = None) -> list[Path]:
    """Return a path, and of a folder that is no report itself the folders below it, by name.

    Parameters
    ----------
    path : a folder, or a file, which is returned alone.
    without : a folder that is left out with all below it, such as that of the results.

    Examples
    --------
    >>> [one.name for one in folders_below("data/binh-dinh-skhcn-2020q3")]
    ['binh-dinh-skhcn-2020q3']
    """
    top = Path(path)
    if not top.is_dir() or (top / HEAD).is_file():
        return [top]
    left_out = None if without is None else without.resolve()
    found = [top]
    for folder in sorted(one for one in top.iterdir() if one.is_dir()):
        # A folder that is a report is one of its own folder's reports.
        passed_over = folder.name.startswith(".") or (folder / HEAD).is_file()
        if not passed_over and folder.resolve() != left_out:
            found += folders_below(folder, without=without)
    return found
