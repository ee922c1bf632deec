"""Files that are there whole or not at all: a write that fails leaves the old one as it was."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from cchc_stats.words import CchcError


def write_whole(path: Path, data: bytes) -> Path:
    """Put a file in its place, in one step that no reader sees half done, and return its path.

    Raises
    ------
    CchcError
        The target is a folder, is write-protected, or its folder is not there, cannot be written
        or has no room left.
    """
    require_file_target(path)
    name = ""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".new-", delete=False) as file:
            name = file.name
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # What a temporary file may be read by is its owner alone; keep what the old one allowed.
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask())
        Path(name).replace(path)
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
