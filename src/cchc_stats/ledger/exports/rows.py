"""What a cell says, which rows of an export make up the ledger, which cannot be used and why.

Each rule is stated once, as SQL: the engine applies it to a small file as to one larger than
memory. A column is given by its SQL name; it is a text, unless `kind` tells the type it is stored
with. `source` statements give raw columns; `judged` types them and names the first fault of each
row; `usable` and `refused` part the rows; a dossier that comes twice is looked at over all files.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cchc_stats.ledger.exports.aliases import EXPORTED, FIELDS, TIMES, Aliases, name_key
from cchc_stats.words import YEARS, word

# As exports print days and instants: 19, 10 and 16 letters long. A format tried in vain costs ten
# times as much as one that fits, so the length decides which is tried.
USUAL = {19: "%d/%m/%Y %H:%M:%S", 10: "%d/%m/%Y", 16: "%d/%m/%Y %H:%M"}
# Tried of a text in which days are set apart by slashes and an hour is written 17:30.
SELDOM = (
    *USUAL.values(),
    *("%d/%m/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M %p", "%H:%M:%S %d/%m/%Y", "%H:%M %d/%m/%Y"),
    *("%I:%M:%S %p %d/%m/%Y", "%I:%M %p %d/%m/%Y"),
    *("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d"),
    *("%Y/%m/%d %I:%M:%S %p", "%Y/%m/%d %I:%M %p"),
    *("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d"),
    *("%d-%b-%Y %H:%M:%S", "%d-%b-%Y %H:%M", "%d-%b-%Y"),
)
ISO = r"^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?$"
# An instant of a zone is read as the time then on the clock in Vietnam.
ISO_ZONE = r"^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?) ?([+-]\d\d(?::?\d\d)?)$"
UTC = r" ?(?:Z|UTC|GMT)$"
MILLISECONDS = r"^1\d{12}$"  # since 1970: the years 2001 to 2033
# One after another: what a text becomes before formats are tried of it.
SPELLINGS = (
    (r" ?\+07(:?00)?$", ""),
    (r"(?i)^(?:thứ [a-zà-ỹ]+|chủ nhật|[a-z]{6,9}day),? ?", ""),
    (r"(?i)(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4})", r"\1/\2/\3"),
    (r"(?i)(^| )lúc (\d)", r"\1\2"),
    (r"(?i)(\d|[ap]m|sa|ch) (?:- |ngày )(\d)", r"\1 \2"),
    (r"^([A-Za-z]{3})[a-z]* (\d{1,2}), (\d{4})", r"\2-\1-\3"),
    (r"(\d{1,2})[.-](\d{1,2})[.-](\d{4}|\d\d(?:\D|$))", r"\1/\2/\3"),
    (r"^(\d{4})[.-](\d{1,2})[.-](\d{1,2})", r"\1/\2/\3"),
    (r"^(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4}|\d\d(?:\D|$))", r"\1-\2-\3"),
    (r"(\d)T(\d)|(\d), ?(\d)", r"\1\3 \2\4"),
    (r"(?i)(\d{1,2}) ?(?:h|giờ|g) ?(\d\d)(?: phút)?", r"\1:\2"),
    (r"(\d:\d\d:\d\d)[.,]\d+", r"\1"),
    # SA and CH are the Vietnamese AM and PM.
    (r"(?i)(\d) ?(?:SA|AM|a\.m\.|sáng)( |$)", r"\1 AM\2"),
    (r"(?i)(\d) ?(?:CH|PM|p\.m\.|chiều|tối)( |$)", r"\1 PM\2"),
    # An hour of 24 needs neither.
    (r"(^| )((?:1[3-9]|2[0-3]):\d\d(?::\d\d)?) PM", r"\1\2"),
    (r"(^| )(00?:\d\d(?::\d\d)?) AM", r"\1\2"),
)
SHORT_YEAR = r"(^|\D)\d{1,2}(?:/\d{1,2}/|-[A-Za-z]{3}-)\d\d(\D|$)"
# Days by which systems say that there is none, whatever the hour; years 1 and 9999 all the same.
NO_DAYS = (
    *("1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01"),
    *("2079-06-06", "2099-12-31", "2100-01-01"),
)
# Words without a figure in place of a day, as "Chưa trả", "Không thời hạn"; signs alone; a bare 0.
NO_DAY = r"^(?:(?:chưa|không|đang) ?[^0-9]*|0|[\s/_.…:-]*)$"
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


def in_list(texts: Sequence[str]) -> str:
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
        f"CASE WHEN {column} IN ({in_list(('', *missing))}) THEN NULL "
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
    return f"coalesce({_cleaned(column)} NOT IN ({in_list(('', *missing))}), false)"


def says_no_day(column: str, kind: str) -> str:
    """Return whether a cell of a time says in words or signs that there is no day."""
    if kind != "VARCHAR":
        return "false"
    return f"coalesce(regexp_matches(lower({_cleaned(column)}), {quoted(NO_DAY)}), false)"


@dataclass(frozen=True)
class Dates:
    """How the days of a column are written, where the column alone can tell.

    `month_first`: 09/14/2020; `short_years`: 14/09/20 is of the year 2020.
    """

    month_first: bool = False
    short_years: bool = False

    def written(self, form: str) -> str:
        """Return a form of days, day before month, as this column has it."""
        return form.replace("%d/%m", "%m/%d") if self.month_first else form


DAY_FIRST = Dates()


def instant_of(column: str, kind: str = "VARCHAR", dates: Dates = DAY_FIRST) -> str:
    """Return the instant a cell tells, a day as its midnight; NULL where it is none."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', {column}) + INTERVAL 7 HOUR"
    if kind == "DATE" or kind.startswith("TIMESTAMP"):
        return f"CAST({column} AS TIMESTAMP)"
    if kind != "VARCHAR":
        column = f"CAST({column} AS VARCHAR)"
    # Nothing and a plain serial number are common too; only the rest is worth a cleaning.
    rest = (
        f"CASE WHEN {column} IS NULL OR {column} = '' THEN NULL "
        f"WHEN regexp_matches({column}, {quoted(SERIAL)}) THEN {_of_serial(column)} "
        f"ELSE {_seldom(_cleaned(column), dates)} END"
    )
    return f"coalesce({usual_instant(column, dates)}, {rest})"


def usual_instant(column: str, dates: Dates = DAY_FIRST) -> str:
    """Return the instant a text tells in one of the ways that most exports have, else NULL."""
    lengths = " ".join(
        f"WHEN {length} THEN try_strptime({column}, {quoted(dates.written(dated))})"
        for length, dated in USUAL.items()
    )
    return (
        f"CASE WHEN contains({column}, '/') THEN CASE strlen({column}) {lengths} END "
        f"WHEN {column} LIKE '____-__-__ __:__:__' THEN try_cast({column} AS TIMESTAMP) END"
    )


def _of_serial(text: str) -> str:
    days = f"CAST(replace({text}, ',', '.') AS DOUBLE)"
    return f"TIMESTAMP '1899-12-30' + to_seconds(round({days} * 86400))"


def _seldom(text: str, dates: Dates) -> str:
    """Return the instant of a text that is none of the usual ones."""
    spelled = text
    for pattern, instead in SPELLINGS:
        spelled = f"regexp_replace({spelled}, {quoted(pattern)}, {quoted(instead)})"
    forms = [dates.written(form) for form in SELDOM]
    short = [form.replace("%Y", "%y") for form in forms if not form.startswith("%Y")]
    shortened = f"try_strptime({spelled}, [{in_list(short)}])" if dates.short_years else "NULL"
    offset = f"regexp_replace({text}, {quoted(UTC)}, '+00')"
    zoned = f"try_cast(regexp_replace({offset}, {quoted(ISO_ZONE)}, '\\1\\2') AS TIMESTAMPTZ)"
    return (
        f"CASE WHEN regexp_matches({text}, {quoted(ISO)}) THEN try_cast({text} AS TIMESTAMP) "
        f"WHEN regexp_matches({offset}, {quoted(ISO_ZONE)}) "
        f"THEN timezone('UTC', {zoned}) + INTERVAL 7 HOUR "
        f"WHEN regexp_matches({text}, {quoted(MILLISECONDS)}) "
        f"THEN epoch_ms(try_cast({text} AS BIGINT)) + INTERVAL 7 HOUR "
        f"WHEN regexp_matches({text}, {quoted(SERIAL)}) THEN {_of_serial(text)} "
        f"WHEN regexp_matches({spelled}, {quoted(SHORT_YEAR)}) THEN {shortened} "
        f"ELSE try_strptime({spelled}, [{in_list(forms)}]) END"
    )


def is_no_day(time: str) -> str:
    """Return whether an instant says that there is none."""
    days = ", ".join(f"DATE {quoted(day)}" for day in NO_DAYS)
    # Two comparisons decide most.
    return (
        f"CASE WHEN {time} >= TIMESTAMP '1970-01-02' AND {time} < TIMESTAMP '2079-01-01' "
        f"THEN false WHEN {time} IS NULL THEN false "
        f"ELSE year({time}) IN (1, 9999) OR CAST({time} AS DATE) IN ({days}) END"
    )


def code_of(column: str, kind: str, spellings: Mapping[str, Sequence[str]]) -> str:
    """Return the code that a cell's text spells, NULL where it spells none."""
    text = column if kind == "VARCHAR" else text_of(column, kind)
    key = _key_of(text)
    spelled = {code: texts for code, texts in spellings.items() if texts}
    # As the file of aliases spells them first: taking letters apart costs time.
    exact = [
        f"WHEN {text} IN ({in_list(texts)}) THEN {quoted(code)}" for code, texts in spelled.items()
    ]
    loose = [
        f"WHEN {key} IN ({in_list(sorted({name_key(one) for one in texts}))}) THEN {quoted(code)}"
        for code, texts in spelled.items()
    ]
    return f"CASE WHEN {text} IS NULL OR {text} = '' THEN NULL {' '.join((*exact, *loose))} END"


def _key_of(text: str) -> str:
    """Return what spellings of a code have in common, as `name_key` does: its letters or digits.

    A number beside a word ("4. Đang xử lý", "Dừng xử lý (8)") only numbers it; 04 and 4.0 are 4.
    """
    bare = f"regexp_replace({text}, '^ *0*(\\d{{1,2}})(?:\\.0+)? *$', '\\1')"
    bare = f"regexp_replace({bare}, '^ *[\\[(]?\\d{{1,2}} ?[-–—._:)/\\]]+ ?(\\D)', '\\1')"
    bare = f"regexp_replace({bare}, '(\\D) *[\\[(]\\d{{1,2}}[)\\]] *$', '\\1')"
    return f"regexp_replace(replace(lower(strip_accents({bare})), 'đ', 'd'), '[^a-z0-9]', '', 'g')"


COLUMNS = (
    *("dossier_id", "agency", "sector", "procedure", "received_at", "due_at", "settled_at"),
    *("channel", "status"),
)
# What stands for the agency and the sector of a dossier that names none.
UNSTATED = word("ledger", "not_stated")
# The reason of a row that cannot be used, the first that holds.
REASONS = (
    "heading_row",
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
    source: str,
    fields: Mapping[str, str],
    aliases: Aliases,
    *,
    more: Sequence[str] = (),
    dates: Mapping[str, Dates] = MappingProxyType({}),
    lacking: Sequence[str] = (),
) -> str:
    """Return the statement that types the rows of a source and names the first fault of each.

    Parameters
    ----------
    source : statement with the columns `file`, `row` and those of `fields`.
    fields : field -> the type that its column is stored with; fields that are not there lack. Of
        further columns of a field, see `also_name`.
    more : other columns to be kept as they are.
    dates : field -> how its days are written, where not day before month.
    lacking : columns of `more` that this source does not tell, and others do.

    Returns
    -------
    Statement with `file, row`, the ledger's columns, `more`, `fault` ("reason detail", NULL where
    the row can be used) and `<field>_text` of each time, as it was printed.
    """
    cells = ["file", "row", *more]
    outer = ["file", "row", *more]
    of_dossiers = [field for field in FIELDS if field != EXPORTED]
    for field in of_dossiers:
        if field in TIMES:
            typed, named = _time(field, fields, aliases, dates)
        else:
            typed, named = _typed(field, fields.get(field), aliases)
        cells += typed
        outer += named
    kept = ", ".join(("file", "row", *more, "dossier_id", "agency", "sector", "procedure"))
    texts = ", ".join(f"{time}_text" for time in TIMES)
    absent = [*(name for name in of_dossiers if name not in fields), *lacking]
    # Layer on layer, so that no cell is looked at twice.
    return (
        f"SELECT {kept}, received_at, due_at, {_SETTLED} AS settled_at, channel, "
        f"{_STATUS} AS status, {_fault(aliases)} AS fault, {texts}, channel_unknown, "
        "status_unknown, status_by_profile, "
        f"{' + '.join(f'{time}_no_days' for time in TIMES)} AS no_days, "
        f"{' OR '.join(f'{time}_joined' for time in TIMES)} AS joined, "
        f"{quoted(''.join(f'{name},' for name in absent))} AS lacks "
        f"FROM (SELECT {', '.join(outer)} FROM (SELECT {', '.join(cells)} FROM ({source})))"
    )


# A dossier that was refused ended on that day, unless its status states otherwise.
_SETTLED = (
    "CASE WHEN settled_at IS NULL AND refused_at IS NOT NULL "
    "AND coalesce(worded, '') NOT IN ('settled', 'withdrawn') THEN refused_at ELSE settled_at END"
)
# Dates go before words, but for what dates cannot tell.
_STATUS = (
    "CASE WHEN worded IN ('returned', 'withdrawn') THEN worded "
    "WHEN settled_at IS NOT NULL THEN 'settled' "
    "WHEN refused_at IS NOT NULL AND coalesce(worded, '') <> 'settled' THEN 'returned' "
    "WHEN worded IN ('settled', 'waiting') THEN worded ELSE 'open' END"
)


def _typed(field: str, kind: str | None, aliases: Aliases) -> tuple[list[str], list[str]]:
    """Return the expressions that type a field's cell, and those that then tell what it says."""
    if field in ("channel", "status"):
        return _code(field, kind, aliases)
    if kind is None:
        lacking = quoted(UNSTATED) if field in ("agency", "sector") else "CAST(NULL AS VARCHAR)"
        return [], [f"{lacking} AS {field}"]
    text = text_of(field, kind, missing=aliases.missing)
    stated = f"coalesce({field}, {quoted(UNSTATED)})" if field in ("agency", "sector") else field
    return [f"{text} AS {field}"], [f"{stated} AS {field}"]


def _time(
    field: str, fields: Mapping[str, str], aliases: Aliases, dates: Mapping[str, Dates]
) -> tuple[list[str], list[str]]:
    """Return the expressions of a time: of one column, or of several that tell it row by row."""
    names = [name for name in fields if name.split("__")[0] == field]
    if not names:
        nothing = f"CAST(NULL AS VARCHAR) AS {field}_text"
        absent = [f"0 AS {field}_no_days", f"false AS {field}_joined"]
        return [], [f"CAST(NULL AS TIMESTAMP) AS {field}", nothing, *absent]
    cells = []
    for name in names:
        instant = instant_of(name, fields[name], dates.get(name, DAY_FIRST))
        cells += [f"{instant} AS {name}", f"{name} AS {name}_cell"]
    # As printed only where it is no instant: a text costs as much as the rest of the row.
    printed = {name: _as_printed(name, fields[name], aliases) for name in names}
    wordless = {name: says_no_day(f"{name}_cell", fields[name]) for name in names}
    texts = [
        f"CASE WHEN {name} IS NULL THEN CASE WHEN ({text}) IS NOT NULL "
        f"THEN CASE WHEN NOT {wordless[name]} THEN {text} END END END"
        for name, text in printed.items()
    ]
    instants = [f"CASE WHEN {is_no_day(name)} THEN NULL ELSE {name} END" for name in names]
    signs = " + ".join(
        f"CASE WHEN {name} IS NULL THEN CASE WHEN ({printed[name]}) IS NOT NULL THEN "
        f"CASE WHEN {wordless[name]} THEN 1 ELSE 0 END ELSE 0 END "
        f"WHEN {is_no_day(name)} THEN 1 ELSE 0 END"
        for name in names
    )
    first, *others = instants
    later = (
        f"({first}) IS NULL AND coalesce({', '.join(others)}) IS NOT NULL" if others else "false"
    )
    return cells, [
        f"coalesce({', '.join(instants)}) AS {field}",
        f"coalesce({', '.join(texts)}) AS {field}_text",
        f"{signs} AS {field}_no_days",
        f"{later} AS {field}_joined",
    ]


def _code(field: str, kind: str | None, aliases: Aliases) -> tuple[list[str], list[str]]:
    name = "worded" if field == "status" else field
    if kind is None:
        nothing = [f"CAST(NULL AS VARCHAR) AS {field}_{what}" for what in ("unknown", "by_profile")]
        return [], [f"CAST(NULL AS VARCHAR) AS {name}", *nothing]
    text = _as_printed(field, kind, aliases)
    unknown = f"CASE WHEN {field}_code IS NULL THEN {text} END"
    code = f"{field}_code"
    if field == "channel":
        # In the system whose codes we have, a dossier without a channel was handed in.
        code = f"CASE WHEN {code} IS NOT NULL THEN {code} WHEN {text} IS NULL THEN 'in_person' END"
    spelled = code_of(field, kind, getattr(aliases, field))
    profile = _of_profile(field, kind, text, aliases)
    return (
        [f"{spelled} AS {field}_code", f"{field} AS {field}_cell"],
        [f"{code} AS {name}", f"{unknown} AS {field}_unknown", f"{profile} AS {field}_by_profile"],
    )


def _of_profile(field: str, kind: str, text: str, aliases: Aliases) -> str:
    """Return the text of a code that only the national list explains, NULL of any other."""
    explained = aliases.by_profile.get(field, ())
    cell = f"{field}_cell" if kind == "VARCHAR" else text_of(f"{field}_cell", kind)
    spelled = [one for texts in getattr(aliases, field).values() for one in texts]
    keys = {*map(name_key, explained)} or {""}
    others = [one for one in spelled if name_key(one) not in keys]
    return (
        f"CASE WHEN {field}_code IS NULL OR {cell} IN ({in_list(others or [''])}) THEN NULL "
        f"WHEN {_key_of(cell)} IN ({in_list(sorted(keys))}) THEN {text} END"
    )


def _as_printed(field: str, kind: str, aliases: Aliases) -> str:
    """Return the text of a cell that holds something, NULL of one that holds nothing."""
    cell = f"{field}_cell"
    # CASE within CASE: the engine looks at both sides of an AND.
    there = filled(cell, kind, aliases.missing)
    return (
        f"CASE WHEN {cell} IS NOT NULL THEN CASE WHEN {there} THEN CAST({cell} AS VARCHAR) END END"
    )


def _fault(aliases: Aliases) -> str:
    """Return the expression of the first fault of a row: "reason detail"."""
    names = sorted({name_key(name) for names in aliases.columns.values() for name in names})
    # The heading of an export that stands below another, or of each page.
    heading = " AND ".join(
        f"{_key_of(f'{time}_text')} IN ({in_list(names)})" for time in ("received_at", "due_at")
    )
    unreadable = [f"WHEN {time}_text IS NOT NULL THEN 'unreadable_date {time}'" for time in TIMES]
    years = f"BETWEEN {YEARS[0]} AND {YEARS[-1]}"
    strange = [f"WHEN year({time}) NOT {years} THEN 'year_out_of_range {time}'" for time in TIMES]
    return " ".join(
        (
            f"CASE WHEN received_at_text IS NOT NULL AND {heading} THEN 'heading_row '",
            "WHEN dossier_id IS NULL THEN 'no_dossier_id '",
            "WHEN received_at IS NULL AND received_at_text IS NULL THEN 'no_receipt_date '",
            *unreadable,
            *strange,
            f"WHEN due_at < {_since('due_at')} THEN 'due_before_receipt '",
            f"WHEN settled_at < {_since('settled_at')} THEN 'settled_before_receipt '",
            f"WHEN refused_at < {_since('refused_at')} THEN 'settled_before_receipt refused_at'",
            "WHEN worded = 'settled' AND settled_at IS NULL THEN 'settled_without_date '",
            "END",
        )
    )


def _since(time: str) -> str:
    """Return the earliest that a time can be: the receipt, or its day for a day without an hour."""
    day = f"{time} = date_trunc('day', {time})"
    return f"CASE WHEN {day} THEN date_trunc('day', received_at) ELSE received_at END"


@dataclass(frozen=True)
class Overlaps:
    """What becomes of a dossier that comes more than once.

    Attributes
    ----------
    key : the columns that tell dossiers apart.
    newest : whether the newest export's row counts; else rows that differ are all rejected.
    last_step : whether of several rows in one export the one received last counts.
    days : (file or sheet, the export that it is of, day of that or "" where only its last event
        tells it).
    lacking : fields that some exports have no column for; they are taken from the others.
    kept : whether the engine keeps the tables of `tables_of`.
    """

    key: tuple[str, ...] = ("dossier_id",)
    newest: bool = False
    last_step: bool = False
    days: tuple[tuple[str, str, str], ...] = ()
    lacking: tuple[str, ...] = ()
    kept: bool = False

    @property
    def keys(self) -> str:
        """The key as SQL lists it."""
        return ", ".join(self.key)

    @property
    def several(self) -> bool:
        """Whether there are exports of several days."""
        return self.newest and len({export for _, export, _ in self.days}) > 1


ONE_EXPORT = Overlaps()
KEPT_PREFIX = "ledger_kept_"
# What two exports may print with and without the seconds.
_PRINTED = ("received_at", "due_at", "settled_at")


def export_days(rows: str, overlaps: Overlaps) -> str:
    """Return the statement of the day of each file among judged rows: file, day."""
    stated = ", ".join(
        f"({in_list((file, export))}, try_cast({quoted(day)} AS DATE))"
        for file, export, day in overlaps.days
    )
    files = f"(VALUES {stated}) AS stated(file, export, day)"
    if all(day for _, _, day in overlaps.days):
        return f"SELECT file, day FROM {files}"
    # Of many events the very last may be a slip of the pen.
    last = "CAST(quantile_disc(greatest(received_at, settled_at), 0.999) AS DATE)"
    return (
        f"SELECT file, coalesce(day, last) AS day FROM {files} JOIN (SELECT export, {last} AS last "
        f"FROM ({rows}) JOIN {files} USING (file) WHERE fault IS NULL GROUP BY export) "
        "USING (export)"
    )


def tables_of(rows: str, overlaps: Overlaps) -> dict[str, str]:
    """Return the statements of what is asked of dossiers that come more than once, by name.

    `twice` numbers those dossiers; `repeated` are their rows, `chosen` those of them that count.
    Of the few of which several rows count, `again`, `facts` are what these rows state, and
    `differing` the dossiers of which they state several things.
    """
    keys = overlaps.keys
    judged = f"(SELECT * FROM ({rows}) WHERE fault IS NULL)"
    numbered = f"SELECT {keys}, row_number() OVER () AS number"
    repeated = (
        "SELECT * EXCLUDE (channel_unknown, status_unknown, status_by_profile, no_days, joined) "
        f"FROM {judged} JOIN twice USING ({keys})"
    )
    tables = {}
    if overlaps.several:
        tables["days"] = export_days(rows, overlaps)
        tables["twice"] = (
            f"{numbered}, newest FROM (SELECT {keys}, max(day) AS newest FROM {judged} "
            f"JOIN days USING (file) GROUP BY {keys} HAVING count(*) > 1)"
        )
        tables["repeated"] = f"{repeated} JOIN days USING (file)"
        tables["chosen"] = _newest(overlaps)
    else:
        twice = f"SELECT {keys} FROM {judged} GROUP BY {keys} HAVING count(*) > 1"
        tables["twice"] = f"{numbered} FROM ({twice})"
        tables["repeated"] = repeated
        tables["chosen"] = "FROM repeated"
    if overlaps.last_step:
        tables["steps"] = (
            "SELECT * FROM chosen QUALIFY row_number() OVER (PARTITION BY number ORDER BY "
            "received_at DESC, settled_at DESC NULLS FIRST, row DESC) = 1"
        )
    stated = ", ".join(
        f"date_trunc('minute', {name}) AS {name}" if overlaps.newest and name in _PRINTED else name
        for name in COLUMNS
    )
    source = "steps" if overlaps.last_step else "chosen"
    tables["again"] = f"SELECT number FROM {source} GROUP BY number HAVING count(*) > 1"
    tables["facts"] = (
        f"SELECT number, {stated}, count(*) AS times FROM {source} SEMI JOIN again USING (number) "
        "GROUP BY ALL"
    )
    tables["differing"] = "SELECT number FROM facts GROUP BY number HAVING count(*) > 1"
    return tables


# What an export before states of a dossier that goes on, in one without statuses: an end that the
# newest tells goes before, but for what it cannot tell: how the dossier ended.
_STATUS_BEFORE = (
    "CASE WHEN status_before IN ('returned', 'withdrawn') "
    "OR (status = 'open' AND status_before = 'waiting') THEN status_before ELSE status END"
)


def _newest(overlaps: Overlaps) -> str:
    """Return the statement of the newest rows, what their export lacks taken from the one before.

    Joined by number: a window would carry every column along.
    """
    if not overlaps.lacking:
        return "FROM repeated WHERE day = newest"
    before, filled_in = [], []
    for name in overlaps.lacking:
        present = f"NOT contains(lacks, '{name},')"
        before.append(f"arg_max({name}, day) FILTER ({present}) AS {name}_before")
        known = _STATUS_BEFORE if name == "status" else f"{name}_before"
        filled_in.append(f"CASE WHEN {present} THEN {name} ELSE {known} END AS {name}")
    left_out = ", ".join(f"{name}_before" for name in overlaps.lacking)
    return (
        f"SELECT * EXCLUDE ({left_out}) REPLACE ({', '.join(filled_in)}) FROM repeated "
        f"JOIN (SELECT number, {', '.join(before)} FROM repeated GROUP BY number) USING (number) "
        "WHERE day = newest"
    )


def _with_twice(rows: str, overlaps: Overlaps) -> str:
    """Return the beginning of a statement over `judged` rows and the tables above."""
    parts = [f"WITH judged AS NOT MATERIALIZED ({rows})"]
    for name, table in tables_of("FROM judged", overlaps).items():
        if _is_view(table):
            parts.append(f"{name} AS NOT MATERIALIZED ({table})")
        elif overlaps.kept:
            parts.append(f"{name} AS NOT MATERIALIZED (FROM temp.{KEPT_PREFIX}{name})")
        else:
            parts.append(f"{name} AS MATERIALIZED ({table})")
    return ", ".join(parts) + " "


def _is_view(table: str) -> bool:
    """Return whether a table is rows of another as they are: a copy would cost more than it."""
    return table.startswith("FROM")


def kept_tables(rows: str, overlaps: Overlaps) -> dict[str, str]:
    """Return the statements that keep the tables above in the engine, by its name for each."""
    made: dict[str, str] = {}
    before: list[str] = []
    for name, table in tables_of(rows, overlaps).items():
        kept = KEPT_PREFIX + name
        within = f"WITH {', '.join(before)} {table}" if before else table
        if _is_view(table):
            before.append(f"{name} AS NOT MATERIALIZED ({table})")
            continue
        made[kept] = f"CREATE OR REPLACE TEMP TABLE {kept} AS {within}"
        before.append(f"{name} AS NOT MATERIALIZED (FROM temp.{kept})")
    return made


def usable(rows: str, *, more: Sequence[str] = (), overlaps: Overlaps = ONE_EXPORT) -> str:
    """Return the statement of the ledger: the rows without fault, each dossier once."""
    columns = ", ".join((*COLUMNS, *more))
    others = "".join(f", first({name}) AS {name}" for name in more)
    source = "steps" if overlaps.last_step else "chosen"
    finest = _PRINTED if overlaps.newest else ()
    once = ", ".join(f"max({name}) AS {name}" if name in finest else name for name in COLUMNS)
    grouped = ", ".join(
        f"date_trunc('minute', {name})" if name in finest else name for name in COLUMNS
    )
    return (
        f"{_with_twice(rows, overlaps)} SELECT {columns} FROM judged "
        f"ANTI JOIN twice USING ({overlaps.keys}) WHERE fault IS NULL "
        f"UNION ALL SELECT {columns} FROM {source} ANTI JOIN again USING (number) "
        f"UNION ALL SELECT {once}{others} FROM {source} "
        "SEMI JOIN (FROM again ANTI JOIN differing USING (number)) USING (number) "
        f"GROUP BY number, {grouped}"
    )


def refused(rows: str, *, more: Sequence[str] = (), overlaps: Overlaps = ONE_EXPORT) -> str:
    """Return the statement of the rows that cannot be used, as they were printed."""
    kept = [
        f"coalesce({name}_text, CAST({name} AS VARCHAR)) AS {name}" if name in TIMES else name
        for name in COLUMNS
    ]
    shown = ", ".join((*kept, *more))
    return (
        f"{_with_twice(rows, overlaps)} "
        "SELECT file, row, split_part(fault, ' ', 1) AS reason, "
        f"split_part(fault, ' ', 2) AS detail, {shown} FROM judged WHERE fault IS NOT NULL "
        "UNION ALL SELECT file, row, 'different_facts' AS reason, '' AS detail, "
        f"{shown} FROM chosen SEMI JOIN differing USING (number)"
    )


def counted(rows: str, *, overlaps: Overlaps = ONE_EXPORT) -> str:
    """Return the statement of what there is to count of all rows: one row."""
    source = "steps" if overlaps.last_step else "chosen"
    return (
        f"{_with_twice(rows, overlaps)} SELECT (SELECT count(*) FROM judged) AS rows_read, "
        "(SELECT coalesce(sum(times - 1), 0) FROM facts ANTI JOIN differing USING (number)) "
        "AS repeated, (SELECT count(*) FROM repeated) - (SELECT count(*) FROM "
        f"{source}) AS superseded, (SELECT coalesce(sum(no_days), 0) FROM judged) AS no_days, "
        "(SELECT count(*) FROM judged WHERE joined) AS joined"
    )


def changes(rows: str, overlaps: Overlaps) -> str:
    """Return the statement of what the exports state differently one after another.

    A row per dossier and field; of a dossier that was open and is not in the next export of its
    agency, one of the field `lost`.
    """
    keys = overlaps.keys
    fields = [name for name in COLUMNS if name not in overlaps.key]
    before = ", ".join(f"older.{name} AS {name}_before" for name in fields)
    newer = ", ".join(f"newer.{name}" for name in COLUMNS)
    # To the second in one export, to the minute in the other: the same.
    printed = {
        name: f"date_trunc('minute', {{0}}.{name})" if name in _PRINTED else f"{{0}}.{name}"
        for name in fields
    }
    differs = {
        name: f"{side.format('newer')} IS DISTINCT FROM {side.format('older')}"
        for name, side in printed.items()
    }
    # What an export has no column for it does not state otherwise.
    for name in [one for one in fields if one in (*overlaps.lacking, "status")]:
        there = (f"NOT contains({side}.lacks, '{name},')" for side in ("newer", "older"))
        differs[name] = " AND ".join((differs[name], *there))
    flags = ", ".join(f"{differs[name]} AS {name}_differs" for name in fields)
    pairs = (
        f"pairs AS MATERIALIZED (SELECT {newer}, day, day_before, {before}, {flags} "
        "FROM repeated AS newer JOIN (SELECT *, lag(day) OVER (PARTITION BY number ORDER BY day) "
        "AS day_before FROM (SELECT DISTINCT number, day FROM repeated)) AS days_of "
        "USING (number, day) JOIN repeated AS older "
        "ON (newer.number, day_before) = (older.number, older.day) "
        f"WHERE {' OR '.join(f'({one})' for one in differs.values())})"
    )
    parts = [
        f"SELECT dossier_id, agency, '{name}' AS field, CAST({name}_before AS VARCHAR) AS before, "
        f"CAST({name} AS VARCHAR) AS after, day_before AS exported_before, day AS exported_on "
        f"FROM pairs WHERE {name}_differs"
        for name in fields
    ]
    lost = (
        "present AS MATERIALIZED (SELECT agency, day, lead(day) OVER (PARTITION BY agency "
        "ORDER BY day) AS next_day FROM (SELECT DISTINCT agency, day FROM judged "
        "JOIN days USING (file) WHERE fault IS NULL)), "
        "pending AS MATERIALIZED (SELECT dossier_id, agency, sector, procedure, status, day, "
        "next_day FROM (SELECT * FROM judged JOIN days USING (file) "
        "WHERE fault IS NULL AND status IN ('open', 'waiting')) "
        "JOIN present USING (agency, day) WHERE next_day IS NOT NULL), "
        # A row that cannot be used is there all the same.
        f"there AS MATERIALIZED (SELECT {keys}, day AS next_day FROM repeated UNION ALL "
        f"SELECT {keys}, day FROM judged JOIN days USING (file) WHERE fault IS NOT NULL)"
    )
    parts.append(
        "SELECT dossier_id, agency, 'lost' AS field, status AS before, '' AS after, "
        "day AS exported_before, next_day AS exported_on FROM pending "
        f"ANTI JOIN there USING ({keys}, next_day)"
    )
    return (
        f"{_with_twice(rows, overlaps)}, {pairs}, {lost} SELECT DISTINCT * FROM "
        f"({' UNION ALL '.join(parts)}) ORDER BY exported_on, dossier_id, field"
    )


def texts_of(rows: str, columns: Sequence[str]) -> str:
    """Return the statement of column, text and rows: each column's most frequent texts first."""
    listed = ", ".join(columns)
    sets = ", ".join(f"({name})" for name in columns)
    # In the set of a column all others are NULL.
    which = " ".join(f"WHEN {name} IS NOT NULL THEN {quoted(name)}" for name in columns)
    return (
        f"SELECT CASE {which} END AS kind, coalesce({listed}) AS text, times FROM "
        f"(SELECT {listed}, count(*) AS times FROM ({rows}) "
        f"WHERE coalesce(fault, '') <> 'heading_row ' GROUP BY GROUPING SETS ({sets})) "
        f"WHERE text IS NOT NULL QUALIFY row_number() OVER "
        f"(PARTITION BY kind ORDER BY times DESC, text) <= {MOST_TEXTS} "
        "ORDER BY kind, times DESC, text"
    )
