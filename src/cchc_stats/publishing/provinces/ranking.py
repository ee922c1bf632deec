"""Who ranks where, how firmly, or why not yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from cchc_stats.index import Scheme, rank_agencies, read_answers, score, sensitivity
from cchc_stats.indicators import find_indicator
from cchc_stats.publishing.provinces.gathering import Gathered
from cchc_stats.publishing.provinces.notices import Notice, names_of, say
from cchc_stats.words import ValuesError

DRAWS, SEED = 2_000, 1
FIRMNESS = ("rank_low", "rank_high", "rank_median", "p_first")


@dataclass(frozen=True, eq=False)
class Ranks:
    """Who ranks where.

    Attributes
    ----------
    ranks : what `rank_agencies` returns, with `rank_low, rank_high, rank_median, p_first` of
        `sensitivity` (<NA> where fewer than two are ranked).
    scores : what `score` returns.
    lacking : frame `agency, code, label, lacks`: what is not known yet of whom.
    notices : why there is no rank yet.
    """

    ranks: pd.DataFrame
    scores: pd.DataFrame
    lacking: pd.DataFrame
    notices: tuple[Notice, ...]

    def published(self, below: int | None) -> pd.DataFrame:
        """Return the ranks; where small numbers are left out, without points that tell of them."""
        if below is None:
            return self.ranks
        told = [name for name in self.ranks if str(name).startswith(("points", "percent"))]
        return self.ranks.drop(columns=[*told, "note"])


def ranks_of_units(
    values: pd.DataFrame,
    gathered: Gathered,
    scheme: Scheme,
    answers: pd.DataFrame | Path | None,
    *,
    lang: str,
) -> Ranks:
    """Return the ranks of the units in the quarter by a scheme.

    Raises
    ------
    ReadError, ValuesError
        The answers cannot be read, or are none of the scheme.
    """
    own = values[
        values["agency"].isin(gathered.units.names) & (values["period"] == gathered.period)
    ]
    impossible = _impossible(own)
    refused, own = own[impossible], own[~impossible]
    said = read_answers(answers) if isinstance(answers, Path) else answers
    if said is not None:
        said = said.assign(agency=[gathered.units.match(str(one)) or one for one in said["agency"]])
    scores = score(own, scheme, answers=said, across_windows=True)
    scores = scores[(scores["period"] == gathered.period).to_numpy()].reset_index(drop=True)
    scores = scores[scores["agency"].isin(gathered.units.names)].reset_index(drop=True)
    lacking = _lacking(scores, lang=lang)
    named = gathered.units.frame.set_index("unit")["group"]
    scored = [*scores["agency"].unique()]
    groups = {unit: named[unit] or say("ungrouped", lang=lang) for unit in scored}
    apart = groups if named[scored].any() else None
    ranked = rank_agencies(scores, scheme=scheme, incomplete="exclude", groups=apart)
    names = {*(() if said is None else said["agency"])} - {*gathered.units.names}
    notices = [
        *_left_out(refused, names, lang=lang),
        *_no_ranks(lacking, scored, scheme, lang=lang),
    ]
    ranked = _with_firmness(ranked, own, scheme, said, gathered, lang=lang)
    return Ranks(ranked, scores, lacking, tuple(notices))


def _left_out(refused: pd.DataFrame, strangers: set[str], *, lang: str) -> Iterator[Notice]:
    """Yield what no points are given for: shares above 100 %, answers of who is in no list."""
    shares = zip(refused["agency"], map(find_indicator, refused["indicator"]), strict=True)
    labels = [f"{unit}: {one.label.in_language(lang)}" for unit, one in shares if one]
    if labels:
        yield Notice.of("above_all", names_of(dict.fromkeys(labels)), lang=lang)
    if strangers:
        yield Notice.of("answers_of_none", names_of(sorted(strangers)), lang=lang)


def _no_ranks(
    lacking: pd.DataFrame, scored: Sequence[str], scheme: Scheme, *, lang: str
) -> Iterator[Notice]:
    """Yield how many units have no rank yet, and how much each lacks."""
    if lacking.empty:
        return
    incomplete = lacking.groupby("agency", sort=False).size()
    where = names_of(f"{unit}: {number}" for unit, number in incomplete.items())
    code = "no_ranks" if len(incomplete) == len(scored) else "some_ranks"
    words = {"count": len(incomplete), "of": len(scored), "scheme": scheme.name}
    yield Notice.of(code, where, lang=lang, **words)


def _impossible(values: pd.DataFrame) -> pd.Series:
    """Return which shares of events are above 100 %: no points can be given for them."""
    kinds = {code: find_indicator(code) for code in values["indicator"].unique()}
    shares = [code for code, one in kinds.items() if one and one.kind == "events"]
    is_share = values["indicator"].isin(shares) & (values["unit"] == "percent")
    above = (values["value"] > 100) | (values["numerator"] > values["denominator"])
    return is_share & above.fillna(False).astype(bool)


def _with_firmness(
    ranked: pd.DataFrame,
    values: pd.DataFrame,
    scheme: Scheme,
    answers: pd.DataFrame | None,
    gathered: Gathered,
    *,
    lang: str,
) -> pd.DataFrame:
    """Return the ranks with the limits between which they lie when all is drawn again."""
    parts = []
    for _, group in ranked.groupby("group", sort=False):
        names = group["agency"]
        own = values[values["agency"].isin(names)]
        said = None if answers is None else answers[answers["agency"].isin(names)]
        try:
            drawn = sensitivity(
                own, scheme, answers=said, draws=DRAWS, seed=SEED, sampling=True,
                incomplete="exclude", lang=lang,
            )  # fmt: skip
        except ValuesError:  # fewer than two to rank
            parts.append(group.reindex(columns=[*group.columns, *FIRMNESS]))
            continue
        drawn = drawn[drawn["period"] == gathered.period]
        keys = ["agency", "assessor"]
        parts.append(group.merge(drawn[[*keys, *FIRMNESS]], on=keys, how="left"))
    joined = pd.concat(parts, ignore_index=True)
    return joined.astype(dict.fromkeys(FIRMNESS, "Float64"))


def _lacking(scores: pd.DataFrame, *, lang: str) -> pd.DataFrame:
    """Return the leaves whose points are not known, and whether a figure or an answer is wanted."""
    parents = {*scores["parent"]}
    leaves = scores[~scores["code"].isin(parents) & ~scores["complete"].astype(bool)]
    wanted = ["figure" if indicator else "answer" for indicator in leaves["indicator"].fillna("")]
    label = "label" if lang == "vi" else "label_en"
    return pd.DataFrame(
        {
            "agency": leaves["agency"].to_numpy(),
            "code": leaves["code"].to_numpy(),
            "label": leaves[label].to_numpy(),
            "lacks": [say(f"lacks_{one}", lang=lang) for one in wanted],
        }
    ).drop_duplicates(ignore_index=True)
