"""A fault of a scheme: kept as facts, turned into the words of one exception for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from cchc_stats.words import SchemeError

SHOWN = 100  # faults spelled out in the text of the exception
LONGEST = 80  # letters of what a file says
SEARCHED = 2000  # words among which the nearest is looked for
HEAD = -1


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a scheme.

    Parameters
    ----------
    row : place of the node among those of the file, from 0; `HEAD` for what is not of a node.
    place : what a person finds it by: "node '1.1'", "the head", "[[classes]] 2".
    column : the key or column it is about; one fault per place and column is told twice by none.
    what : what is wrong.
    mend : what to do about it.
    asked, among : a word that is not known and those that are: the nearest one is offered.
    """

    row: int
    place: str
    column: str
    what: str
    mend: str
    asked: str = ""
    among: Iterable[str] = ()

    def __str__(self) -> str:
        """Return the fault and its mend as one line, the nearest known word first."""
        near = near_words(self.asked, self.among)
        return f"{self.place}: {self.what}; {near or self.mend}"


def near_words(asked: str, among: Iterable[str]) -> str:
    """Return a hint at the known word that is nearest to one that is not known, "" without one.

    Examples
    --------
    >>> near_words("proportionl", ["bands", "proportional"])
    "did you mean 'proportional'?"
    """
    # No scheme has thousands of nodes: a file that does is not searched through for each fault.
    known = [word for word in islice(among, SEARCHED) if word]
    if not asked or asked in known:
        return ""
    # Upper and lower case are no difference between words that were mistyped.
    lower = {word.casefold(): word for word in reversed(known)}
    near = get_close_matches(asked[:LONGEST].casefold(), lower, n=1)
    return f"did you mean {lower[near[0]]!r}?" if near else ""


def shown(cell: object) -> str:
    """Return what a file says as it is shown in a message, shortened where it is very long."""
    try:
        text = repr(cell) if isinstance(cell, str) else str(cell)
    except ValueError:  # a whole number of thousands of digits
        text = "a number of thousands of digits"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def scheme_error(place: str, faults: Sequence[Fault]) -> SchemeError:
    """Return the one exception that tells all faults of a scheme, in the order of its rows."""
    ordered = sorted(faults, key=lambda fault: fault.row)
    lines = [f"{place}, {fault}" for fault in ordered[:SHOWN]]
    if len(ordered) > SHOWN:
        lines.append(f"… and {len(ordered) - SHOWN} more")
    number = len(ordered)
    return SchemeError(
        f"scheme {place} cannot be scored with: {number} fault{'s' if number > 1 else ''}",
        where="\n         ".join(lines),
        mend="correct the scheme where it is named; each line says how",
    )


def untold(faults: Iterable[Fault], told: Iterable[Fault]) -> list[Fault]:
    """Return the faults whose place and column are not among those already told."""
    known = {(fault.row, fault.place, fault.column) for fault in told}
    return [fault for fault in faults if (fault.row, fault.place, fault.column) not in known]
