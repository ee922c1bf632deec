r"""How a cell becomes a text, an instant or a code: SQL expressions, each rule stated once.

The engine does the work, for a small file as for one larger than memory. A column is given by its
SQL name; it is a text, unless `kind` tells the type it is stored with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cchc_stats.ledger.exports.aliases import name_key

# As exports print days and instants: 19, 10 and 16 letters long. A format tried in vain costs ten
# times as much as one that fits, so the length decides which is tried.
USUAL = {19: "%d/%m/%Y %H:%M:%S", 10: "%d/%m/%Y", 16: "%d/%m/%Y %H:%M"}
SELDOM = (
    *USUAL.values(),
    *("%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%d-%m-%Y", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y"),
    *("%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p", "%H:%M:%S %d/%m/%Y", "%H:%M %d/%m/%Y"),
    *("%d/%m/%Y, %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%Y%m%d%H%M%S", "%Y%m%d"),
)
ISO = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$"
# An instant of another zone is read as Vietnamese time: +07:00 as it stands, Z seven hours later.
ISO_ZONE = r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?)(Z|\+00:?00|\+07:?00)$"
# Excel counts days from 30/12/1899; five digits are the years 1927 to 2173.
SERIAL = r"^[1-9]\d{4}([.,]\d+)?$"
# A text that is not as it should be: space at an end or doubled, invisible or decomposed letters,
# a quoting that only spreadsheets understand. Looking for each costs a third of one pattern.
UNCLEAN_START = (" %", "% ", '"%', "=%", "'%")
UNCLEAN = (
    *("  ", "\t", "\n", "\r", "\u00a0", "\u200b", "\ufeff"),
    # The accents of Vietnamese apart from their letters.
    *("\u0300", "\u0301", "\u0302", "\u0303", "\u0306", "\u0309", "\u031b", "\u0323"),
)
INVISIBLE = r"[\x00-\x08\x{200b}-\x{200f}\x{feff}]"
SPACES = r"[\s\x{00a0}\x{2000}-\x{200a}\x{202f}\x{3000}]+"


def quoted(text: str) -> str:
    """Return a text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


def listed(texts: Sequence[str]) -> str:
    """Return texts as SQL lists them."""
    return ", ".join(quoted(text) for text in texts)


def text_of(column: str, kind: str = "VARCHAR", *, missing: Sequence[str] = ()) -> str:
    """Return the cell's text in composed letters and single spaces.

    NULL where it is empty, or one of `missing`.
    """
    if kind != "VARCHAR":
        plain = f"CAST({column} AS VARCHAR)"
        # A code 2 that was stored as 2.0 is a code 2.
        decimal = kind.startswith(("DOUBLE", "FLOAT", "REAL", "DECIMAL"))
        return f"regexp_replace({plain}, '\\.0+$', '')" if decimal else plain
    signs = [f"contains({column}, {quoted(sign)})" for sign in UNCLEAN]
    signs += [f"{column} LIKE {quoted(start)}" for start in UNCLEAN_START]
    return (
        f"CASE WHEN {column} IN ({listed(('', *missing))}) THEN NULL "
        f"WHEN {' OR '.join(signs)} THEN nullif({_cleaned(column)}, '') ELSE {column} END"
    )


def _cleaned(column: str) -> str:
    """Return the text of a cell in composed letters and single spaces, whatever it is."""
    bare = f"regexp_replace({column}, {quoted(INVISIBLE)}, '', 'g')"
    spaced = f"trim(regexp_replace(nfc_normalize({bare}), {quoted(SPACES)}, ' ', 'g'))"
    return f"trim(regexp_replace({spaced}, '^=?\"([^\"]*)\"$|^''(.*)$', '\\1\\2'))"


def filled(column: str, kind: str, missing: Sequence[str]) -> str:
    """Return whether a cell holds something, be it right or wrong."""
    if kind != "VARCHAR":
        return f"{column} IS NOT NULL"
    return f"coalesce({_cleaned(column)} NOT IN ({listed(('', *missing))}), false)"


def instant_of(column: str, kind: str = "VARCHAR") -> str:
    """Return the instant a cell tells, a day as its midnight; NULL where it is none."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {column}) + INTERVAL 7 HOUR"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"CAST({column} AS TIMESTAMP)"
    if kind != "VARCHAR":
        column = f"CAST({column} AS VARCHAR)"
    lengths = " ".join(
        f"WHEN {length} THEN try_strptime({column}, {quoted(dated)})"
        for length, dated in USUAL.items()
    )
    usual = (
        f"CASE WHEN contains({column}, '/') THEN CASE strlen({column}) {lengths} END "
        f"WHEN {column} LIKE '____-__-__ __:__:__' THEN try_cast({column} AS TIMESTAMP) END"
    )
    # Nothing and a plain serial number are common too; only the rest is worth a cleaning.
    rest = (
        f"CASE WHEN {column} IS NULL OR {column} = '' THEN NULL "
        f"WHEN regexp_matches({column}, {quoted(SERIAL)}) THEN {_of_serial(column)} "
        f"ELSE {_seldom(_cleaned(column))} END"
    )
    return f"coalesce({usual}, {rest})"


def _of_serial(text: str) -> str:
    days = f"CAST(replace({text}, ',', '.') AS DOUBLE)"
    return f"TIMESTAMP '1899-12-30' + to_seconds(round({days} * 86400))"


def _seldom(text: str) -> str:
    """Return the instant of a text that is none of the usual ones."""
    # SA and CH are the Vietnamese AM and PM.
    spoken = f"regexp_replace(regexp_replace({text}, ' ?SA$', ' AM'), ' ?CH$', ' PM')"
    local = f"try_cast(regexp_extract({text}, {quoted(ISO_ZONE)}, 1) AS TIMESTAMP)"
    later = f"CASE WHEN regexp_matches({text}, '07:?00$') THEN 0 ELSE 7 END"
    return (
        f"CASE WHEN regexp_matches({text}, {quoted(ISO)}) THEN try_cast({text} AS TIMESTAMP) "
        f"WHEN regexp_matches({text}, {quoted(ISO_ZONE)}) THEN {local} + to_hours({later}) "
        f"WHEN regexp_matches({text}, {quoted(SERIAL)}) THEN {_of_serial(text)} "
        f"ELSE try_strptime({spoken}, [{listed(SELDOM)}]) END"
    )


def code_of(column: str, kind: str, spellings: Mapping[str, Sequence[str]]) -> str:
    """Return the code that a cell's text spells, NULL where it spells none."""
    text = column if kind == "VARCHAR" else text_of(column, kind)
    key = f"regexp_replace(replace(lower(strip_accents({text})), 'đ', 'd'), '[^a-z0-9]', '', 'g')"
    known = {code: texts for code, texts in spellings.items() if texts}
    # As the file of aliases spells them first: taking letters apart costs time.
    exact = [
        f"WHEN {text} IN ({listed(texts)}) THEN {quoted(code)}" for code, texts in known.items()
    ]
    loose = [
        f"WHEN {key} IN ({listed(sorted({name_key(one) for one in texts}))}) THEN {quoted(code)}"
        for code, texts in known.items()
    ]
    return f"CASE WHEN {text} IS NULL OR {text} = '' THEN NULL {' '.join((*exact, *loose))} END"
