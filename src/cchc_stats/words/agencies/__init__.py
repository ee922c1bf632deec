"""Names of agencies and what became of them."""

from cchc_stats.words.agencies.changes import (
    administrative_level,
    agency_changes,
    level_exists,
    successor,
)
from cchc_stats.words.agencies.matching import (
    SCORES,
    Match,
    abbreviations,
    alike_names,
    departments,
    fold_agency,
    match_agency,
    name_in_small_letters,
    name_parts,
    names_agency,
    several_spellings,
    written_out,
)

__all__ = [
    "administrative_level",
    "level_exists",
    "Match",
    "SCORES",
    "abbreviations",
    "agency_changes",
    "alike_names",
    "departments",
    "fold_agency",
    "match_agency",
    "name_in_small_letters",
    "name_parts",
    "names_agency",
    "several_spellings",
    "successor",
    "written_out",
]
