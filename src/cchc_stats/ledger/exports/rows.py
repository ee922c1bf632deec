"""What a cell says, which rows of an export make up the ledger, which cannot be used and why.

Each rule is stated once, as SQL: the engine applies it to a small file as to one larger than
memory. A column is given by its SQL name; it is a text, unless `kind` tells the type it is stored
with. `source` statements give raw columns; `judged` types them and names the first fault of each
row; `usable` and `refused` part the rows; a dossier that comes twice is looked at over all files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cchc_stats.ledger.exports.aliases import FIELDS, TIMES, Aliases, name_key
from cchc_stats.words import YEARS, word

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


def identifier(name: str) -> str:
    """Return a column's name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


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


COLUMNS = (
    *("dossier_id", "agency", "sector", "procedure", "received_at", "due_at", "settled_at"),
    *("channel", "status"),
)
# What stands for the agency and the sector of a dossier that names none.
UNSTATED = word("ledger", "not_stated")
# What is told of a row that cannot be used, the first that holds.
REASONS = (
    "no_dossier_id",
    "no_receipt_date",
    "unreadable_date",
    "year_out_of_range",
    "due_before_receipt",
    "settled_before_receipt",
    "settled_without_date",
    "different_facts",
    "broken_row",
)
MOST_TEXTS = 50
REJECTED = ("file", "row", "reason", "detail", *COLUMNS)


def judged(
    source: str, fields: Mapping[str, str], aliases: Aliases, *, more: Sequence[str] = ()
) -> str:
    """Return the statement that types the rows of a source and names the first fault of each.

    Parameters
    ----------
    source : statement with the columns `file`, `row` and those of `fields`.
    fields : field -> the type that its column is stored with; fields that are not there lack.
    more : other columns to be kept as they are.

    Returns
    -------
    Statement with `file, row`, the ledger's columns, `more`, `fault` ("reason detail", NULL where
    the row can be used) and `<field>_text` of each time, as it was printed.
    """
    cells = ["file", "row", *more]
    told = ["file", "row", *more]
    for field in FIELDS:
        typed, known = _typed(field, fields.get(field), aliases)
        cells += typed
        told += known
    kept = ", ".join(("file", "row", *more, "dossier_id", "agency", "sector", "procedure"))
    texts = ", ".join(f"{time}_text" for time in TIMES)
    # Layer on layer, so that no cell is looked at twice.
    return (
        f"SELECT {kept}, received_at, due_at, {_SETTLED} AS settled_at, channel, "
        f"{_STATUS} AS status, {_fault()} AS fault, {texts}, channel_unknown, status_unknown, "
        "status_by_profile "
        f"FROM (SELECT {', '.join(told)} FROM (SELECT {', '.join(cells)} FROM ({source})))"
    )


# A dossier that was refused ended on that day, unless something else is said of it.
_SETTLED = (
    "CASE WHEN settled_at IS NULL AND refused_at IS NOT NULL "
    "AND coalesce(said, '') NOT IN ('settled', 'withdrawn') THEN refused_at ELSE settled_at END"
)
# Dates go before words, but for what dates cannot tell.
_STATUS = (
    "CASE WHEN said IN ('returned', 'withdrawn') THEN said "
    "WHEN settled_at IS NOT NULL THEN 'settled' "
    "WHEN refused_at IS NOT NULL AND coalesce(said, '') <> 'settled' THEN 'returned' "
    "WHEN said IN ('settled', 'waiting') THEN said ELSE 'open' END"
)


def _typed(field: str, kind: str | None, aliases: Aliases) -> tuple[list[str], list[str]]:
    """Return the expressions that type a field's cell, and those that then tell what it says."""
    if field in TIMES:
        return _time(field, kind, aliases)
    if field in ("channel", "status"):
        return _code(field, kind, aliases)
    if kind is None:
        lacking = quoted(UNSTATED) if field in ("agency", "sector") else "CAST(NULL AS VARCHAR)"
        return [], [f"{lacking} AS {field}"]
    text = text_of(field, kind, missing=aliases.missing)
    stated = f"coalesce({field}, {quoted(UNSTATED)})" if field in ("agency", "sector") else field
    return [f"{text} AS {field}"], [f"{stated} AS {field}"]


def _time(field: str, kind: str | None, aliases: Aliases) -> tuple[list[str], list[str]]:
    if kind is None:
        nothing = f"CAST(NULL AS VARCHAR) AS {field}_text"
        return [], [f"CAST(NULL AS TIMESTAMP) AS {field}", nothing]
    # As printed only where it is no instant: a text costs as much as the rest of the row.
    text = f"CASE WHEN {field} IS NULL THEN {_as_printed(field, kind, aliases)} END"
    return (
        [f"{instant_of(field, kind)} AS {field}", f"{field} AS {field}_cell"],
        [field, f"{text} AS {field}_text"],
    )


def _code(field: str, kind: str | None, aliases: Aliases) -> tuple[list[str], list[str]]:
    name = "said" if field == "status" else field
    if kind is None:
        nothing = [f"CAST(NULL AS VARCHAR) AS {field}_{what}" for what in ("unknown", "by_profile")]
        return [], [f"CAST(NULL AS VARCHAR) AS {name}", *nothing]
    text = _as_printed(field, kind, aliases)
    unknown = f"CASE WHEN {field}_code IS NULL THEN {text} END"
    code = f"{field}_code"
    if field == "channel":
        # In the system whose codes are known, a dossier without a channel was handed in.
        code = f"CASE WHEN {code} IS NOT NULL THEN {code} WHEN {text} IS NULL THEN 'in_person' END"
    spelled = code_of(field, kind, getattr(aliases, field))
    told = listed(aliases.by_profile.get(field) or ("",))
    profile = f"CASE WHEN CAST({field}_cell AS VARCHAR) IN ({told}) THEN {text} END"
    return (
        [f"{spelled} AS {field}_code", f"{field} AS {field}_cell"],
        [f"{code} AS {name}", f"{unknown} AS {field}_unknown", f"{profile} AS {field}_by_profile"],
    )


def _as_printed(field: str, kind: str, aliases: Aliases) -> str:
    """Return the text of a cell that holds something, NULL of one that holds nothing."""
    cell = f"{field}_cell"
    # CASE within CASE: the engine looks at both sides of an AND.
    there = filled(cell, kind, aliases.missing)
    return (
        f"CASE WHEN {cell} IS NOT NULL THEN CASE WHEN {there} THEN CAST({cell} AS VARCHAR) END END"
    )


def _fault() -> str:
    """Return the expression of the first fault of a row: "reason detail"."""
    unreadable = [f"WHEN {time}_text IS NOT NULL THEN 'unreadable_date {time}'" for time in TIMES]
    years = f"BETWEEN {YEARS[0]} AND {YEARS[-1]}"
    strange = [f"WHEN year({time}) NOT {years} THEN 'year_out_of_range {time}'" for time in TIMES]
    return " ".join(
        (
            "CASE WHEN dossier_id IS NULL THEN 'no_dossier_id '",
            "WHEN received_at IS NULL AND received_at_text IS NULL THEN 'no_receipt_date '",
            *unreadable,
            *strange,
            f"WHEN due_at < {_since('due_at')} THEN 'due_before_receipt '",
            f"WHEN settled_at < {_since('settled_at')} THEN 'settled_before_receipt '",
            f"WHEN refused_at < {_since('refused_at')} THEN 'settled_before_receipt refused_at'",
            "WHEN said = 'settled' AND settled_at IS NULL THEN 'settled_without_date '",
            "END",
        )
    )


def _since(time: str) -> str:
    """Return the earliest that a time can be: the receipt, or its day for a day without an hour."""
    day = f"{time} = date_trunc('day', {time})"
    return f"CASE WHEN {day} THEN date_trunc('day', received_at) ELSE received_at END"


def _with_twice(rows: str) -> str:
    """Return the statements of dossiers that come more than once, and of those told differently."""
    columns = ", ".join(COLUMNS)
    return (
        f"WITH judged AS NOT MATERIALIZED ({rows}), "
        "twice AS MATERIALIZED (SELECT dossier_id FROM judged WHERE fault IS NULL "
        "GROUP BY dossier_id HAVING count(*) > 1), "
        f"facts AS MATERIALIZED (SELECT {columns}, count(*) AS times FROM judged "
        "SEMI JOIN twice USING (dossier_id) WHERE fault IS NULL GROUP BY ALL), "
        "differing AS MATERIALIZED (SELECT dossier_id FROM facts GROUP BY dossier_id "
        "HAVING count(*) > 1) "
    )


def usable(rows: str, *, more: Sequence[str] = ()) -> str:
    """Return the statement of the ledger: the rows without fault, each dossier once."""
    columns = ", ".join((*COLUMNS, *more))
    others = ", ".join(f"first({name}) AS {name}" for name in more)
    once = ", ".join(COLUMNS) + (f", {others}" if others else "")
    return (
        f"{_with_twice(rows)} SELECT {columns} FROM judged ANTI JOIN twice USING (dossier_id) "
        f"WHERE fault IS NULL UNION ALL SELECT {once} FROM judged "
        "SEMI JOIN (FROM twice ANTI JOIN differing USING (dossier_id)) USING (dossier_id) "
        f"WHERE fault IS NULL GROUP BY {', '.join(COLUMNS)}"
    )


def refused(rows: str, *, more: Sequence[str] = ()) -> str:
    """Return the statement of the rows that cannot be used, as they were printed."""
    kept = [
        f"coalesce({name}_text, CAST({name} AS VARCHAR)) AS {name}" if name in TIMES else name
        for name in COLUMNS
    ]
    shown = ", ".join((*kept, *more))
    return (
        f"{_with_twice(rows)} "
        "SELECT file, row, split_part(fault, ' ', 1) AS reason, "
        f"split_part(fault, ' ', 2) AS detail, {shown} FROM judged WHERE fault IS NOT NULL "
        "UNION ALL SELECT file, row, 'different_facts' AS reason, '' AS detail, "
        f"{shown} FROM judged SEMI JOIN differing USING (dossier_id) WHERE fault IS NULL"
    )


def counted(rows: str) -> str:
    """Return the statement of what is said of the whole: one row of counts."""
    return (
        f"{_with_twice(rows)} SELECT (SELECT count(*) FROM judged) AS rows_read, "
        "(SELECT coalesce(sum(times - 1), 0) FROM facts ANTI JOIN differing USING (dossier_id)) "
        "AS repeated"
    )


def unknown_texts(rows: str, field: str) -> str:
    """Return the statement of the texts of a field that are no known code, and their rows."""
    return texts_of(rows, f"{field}_unknown")


def texts_of(rows: str, text: str) -> str:
    """Return the statement of the texts of a column, the most frequent first, and their rows."""
    return (
        f"SELECT {text}, count(*) AS times FROM ({rows}) WHERE {text} IS NOT NULL "
        f"GROUP BY {text} ORDER BY times DESC, {text} LIMIT {MOST_TEXTS}"
    )
