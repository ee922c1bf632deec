"""What an export tells of a dossier beside its days: level, fee, payment, result, data, time limit.

Each fact is a column of the ledger only where an export has it. Flags are `yes`, `no`, `unknown`
(a text that is neither), or missing where the cell is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cchc_stats.ledger.exports.aliases import Aliases, name_key
from cchc_stats.ledger.exports.rows import code_of, in_list, quoted, text_of

FLAGS = (
    *("fee", "paid_online", "result_electronic", "digitised", "reused", "shared"),
    *("population_data", "non_territorial"),
)
FACT_COLUMNS = ("online_level", *FLAGS, "legal_wd")  # what a ledger has; the other facts tell these
WORDS = ("facts_unknown", "limit_refused")
CODED = {"paid_online": "paid_code"}  # a column of codes that tells a flag too
HOURS_A_DAY = 8  # of work: a limit of four hours is half a working day
LEVELS = {"full": "toàn trình", "part": "một phần"}
_PLACE = r"(?i)(?:xã|phường|thị trấn|đặc khu) [^,;(]+"
_NUMBER = r"\d+(?:[.,]\d+)?"


def levels_in_channel(kind: str) -> str:
    """Return the condition that the channel's cell tells an online service's level."""
    if kind != "VARCHAR":
        return "false"
    return " OR ".join(f"contains(lower(channel), {quoted(word)})" for word in LEVELS.values())


def facts_stated(fields: Iterable[str], *, channel_levels: bool) -> tuple[str, ...]:
    """Return the facts that the columns of an export tell."""
    there = {name.split("__")[0] for name in fields}
    facts = there & {*FACT_COLUMNS}
    facts |= {name for name, code in CODED.items() if code in there}
    facts |= {"online_level"} if channel_levels else set()
    facts |= {"non_territorial"} if {"received_by", "agency"} <= there else set()
    return tuple(name for name in FACT_COLUMNS if name in facts)


def with_facts(
    statement: str,
    fields: Mapping[str, str],
    aliases: Aliases,
    *,
    stated: Sequence[str],
    asked: Sequence[str],
) -> str:
    """Return a source's statement with the facts of its rows, and with the texts that are none.

    Parameters
    ----------
    fields : the columns of the statement and their types; `stated` are the facts that they state.
    asked : the facts that some export of the ledger tells. A flag that only others tell is unknown.

    Returns
    -------
    Statement with the columns of `asked` and WORDS: `facts_unknown` and `limit_refused`, the text
    of a flag that is neither yes nor no, of a limit that is not in working days.
    """
    expressions, unknown = _flags(fields, aliases)
    expressions |= {"online_level": "CAST(NULL AS VARCHAR)", "legal_wd": "CAST(NULL AS DOUBLE)"}
    if "non_territorial" in stated and "non_territorial" not in fields:
        expressions["non_territorial"] = _elsewhere()
    if "online_level" in stated:
        expressions["online_level"] = _level(fields, aliases)
    refused = "CAST(NULL AS VARCHAR)"
    if "legal_wd" in fields:
        expressions["legal_wd"], refused = _limit(fields, aliases)
    words = f"coalesce({', '.join(unknown)})" if unknown else "CAST(NULL AS VARCHAR)"
    facts = ", ".join(f"{expressions[name]} AS cchc_{name}" for name in asked)
    # Raw columns of these names make place for what they say.
    made = [f"cchc_{name}" for name in asked]
    out = ", ".join([*made, *(name for name in asked if name in fields)])
    named = ", ".join(f"cchc_{name} AS {name}" for name in asked)
    inner = f"SELECT *, {facts}, {words} AS facts_unknown, {refused} AS limit_refused"
    return f"SELECT * EXCLUDE ({out}), {named} FROM ({inner} FROM ({statement}))"


def _flags(fields: Mapping[str, str], aliases: Aliases) -> tuple[dict[str, str], list[str]]:
    """Return the expression of each flag, and the texts of those that are neither yes nor no."""
    expressions = {name: quoted("unknown") for name in FLAGS}
    unknown = []
    for name in FLAGS:
        columns = [one for one in fields if one.split("__")[0] in (name, CODED.get(name))]
        if columns:
            expressions[name] = _flag(columns, fields, aliases)
            cells = ", ".join(f"CAST({one} AS VARCHAR)" for one in columns)
            unknown.append(
                f"CASE WHEN ({expressions[name]}) = 'unknown' THEN coalesce({cells}) END"
            )
    return expressions, unknown


def _flag(columns: Sequence[str], fields: Mapping[str, str], aliases: Aliases) -> str:
    """Return a flag of one or several columns: yes where one says so, else no where one does."""
    each = [_one_flag(one.split("__")[0], one, fields[one], aliases) for one in columns]
    if len(each) == 1:
        return each[0]
    codes = f"[{', '.join(each)}]"
    return (
        f"CASE WHEN list_contains({codes}, 'yes') THEN 'yes' "
        f"WHEN list_contains({codes}, 'unknown') THEN 'unknown' "
        f"WHEN list_contains({codes}, 'no') THEN 'no' END"
    )


def _one_flag(name: str, column: str, kind: str, aliases: Aliases) -> str:
    if kind == "BOOLEAN":
        return f"CASE WHEN {column} THEN 'yes' WHEN NOT {column} THEN 'no' END"
    text = text_of(column, kind, missing=aliases.missing)
    spelled = code_of(column, kind, _spellings(name, aliases))
    # Of a fee the cell may be the amount.
    amount = ""
    if name == "fee":
        sum_of = rf"^{_NUMBER}([.,]\d{{3}})*([.,]\d+)?( ?(đ|đồng|vnđ|vnd))?$"
        amount = (
            f"WHEN regexp_matches(lower({text}), {quoted(sum_of)}) THEN "
            f"CASE WHEN regexp_matches({text}, '[1-9]') THEN 'yes' ELSE 'no' END "
        )
    return (
        f"CASE WHEN ({text}) IS NULL THEN NULL {amount}"
        f"WHEN ({spelled}) IS NOT NULL THEN ({spelled}) ELSE 'unknown' END"
    )


def _spellings(name: str, aliases: Aliases) -> Mapping[str, tuple[str, ...]]:
    """Return how yes and no are spelled in a column; of a payment also by its way."""
    more = aliases.words.get(name, {})
    flag = aliases.words["flag"]
    return {code: (*more.get(code, ()), *texts) for code, texts in flag.items()}


def _elsewhere() -> str:
    """Return whether a commune's dossier was received by another commune; NULL of other agencies.

    A department's dossiers are received at the province's centre as a rule: that is no other
    territory.
    """
    here, there = (
        f"nullif(lower(trim(regexp_extract(nfc_normalize({name}), {quoted(_PLACE)}))), '')"
        for name in ("agency", "received_by")
    )
    return f"CASE WHEN {here} <> {there} THEN 'yes' WHEN {here} = {there} THEN 'no' END"


def _level(fields: Mapping[str, str], aliases: Aliases) -> str:
    """Return the level of an online service: full or part; NULL of the levels of before 2022."""
    levels = []
    if "online_level" in fields:
        levels.append(
            code_of("online_level", fields["online_level"], aliases.words["online_level"])
        )
    if fields.get("channel") == "VARCHAR":
        cases = " ".join(
            f"WHEN contains(lower(channel), {quoted(word)}) THEN {quoted(code)}"
            for code, word in LEVELS.items()
        )
        levels.append(f"CASE {cases} END")
    return f"coalesce({', '.join(levels)})"


def _limit(fields: Mapping[str, str], aliases: Aliases) -> tuple[str, str]:
    """Return a limit in working days, and its text where it is not in them.

    Hours of work are eighths of a day; days of the calendar and months are as many working days as
    their place in the calendar makes them, and are refused; so is a number without its unit.
    """
    text = text_of("legal_wd", fields["legal_wd"], missing=aliases.missing)
    unit = "NULL"
    shown = f"CAST(({text}) AS VARCHAR)"
    if "limit_unit" in fields:
        unit = text_of("limit_unit", fields["limit_unit"], missing=aliases.missing)
        shown = f"concat_ws(' ', ({text}), ({unit}))"
    number = (
        f"try_cast(replace(nullif(regexp_extract(({text}), {quoted(_NUMBER)}), ''), ',', '.') "
        "AS DOUBLE)"
    )
    # "15 (mười lăm) ngày làm việc" in one cell: what stands behind the number is its unit.
    number_in_words = rf"^[^0-9]*{_NUMBER}(?: *\([^)0-9]*\))?"
    own = f"nullif(trim(regexp_replace(({text}), {quoted(number_in_words)}, '')), '')"
    unit_text = f"coalesce(({unit}), {own}{_heading_unit(fields)})"
    key = f"regexp_replace(replace(lower(strip_accents({unit_text})), 'đ', 'd'), '[^a-z]', '', 'g')"
    units = {code: sorted({name_key(one) for one in aliases.words["limit_unit"][code]})
             for code in ("working_days", "working_hours")}  # fmt: skip
    days = (
        f"CASE WHEN {key} IN ({in_list(units['working_days'])}) THEN {number} "
        f"WHEN {key} IN ({in_list(units['working_hours'])}) THEN {number} / {HOURS_A_DAY} END"
    )
    return days, f"CASE WHEN ({text}) IS NOT NULL AND ({days}) IS NULL THEN {shown} END"


def _heading_unit(fields: Mapping[str, str]) -> str:
    """Return the unit where numbers themselves are stored: the library's own column has none."""
    return "" if fields["legal_wd"] == "VARCHAR" else ", 'ngày làm việc'"
