"""How sure ranks are: laws of the draws, figures known by hand, and the wording of refusals."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cchc_stats.index.ranking import rank_agencies
from cchc_stats.index.scheme.nodes import Declared, Node, nodes_frame
from cchc_stats.index.scheme.scheme import Scheme
from cchc_stats.index.scoring import complete_answers
from cchc_stats.index.scoring.scoring import mark, score
from cchc_stats.index.uncertainty.draws import Variation, drawn_maxima
from cchc_stats.index.uncertainty.leaf_matrix import competition_ranks, leaf_matrix
from cchc_stats.index.uncertainty.sensitivity import leave_one_out, sensitivity
from cchc_stats.index.uncertainty.sobol import indices_of, sobol_indices
from cchc_stats.words.errors import CchcError, ValuesError
from cchc_stats.words.labels import Label

RANKS = ["rank_low", "rank_median", "rank_high"]
FEW = 300


def node(code, parent, maximum, rule="", **others):
    """Return a node of the tree, a leaf where it has a rule."""
    columns = dict.fromkeys(Node.__dataclass_fields__, "") | {"level": None, "rounding": None}
    columns |= {"code": code, "parent": parent, "label": f"Mục {code}", "label_en": code}
    columns |= {"max_points": maximum, "kind": "score", "rule": rule, "params": "{}"}
    if rule:
        columns |= {"part": "self", "group": "all", "zero_denominator": "exclude"}
        columns |= {"missing": "unknown"}
    if "params" in others:
        others["params"] = json.dumps(others["params"], sort_keys=True)
    return Node(**(columns | others))


def scheme_of(nodes, *, rates=(), **others):
    """Return a scheme; `rates` are its own indicators, shares of events."""
    total = sum(one.max_points for one in nodes if one.parent == "total" and one.kind == "score")
    indicators = {
        code: Declared(code=code, label=Label(code, code), unit="percent", better="higher",
                       kind="events")
        for code in rates
    }  # fmt: skip
    columns = {"name": "thu", "title": Label("Thử", "Trial"), "status": "confirmed"}
    columns |= {"source": "nguồn", "version": "1", "valid_from": dt.date(2020, 1, 1)}
    columns |= {"valid_to": None, "nodes": nodes_frame([node("total", "", total), *nodes])}
    return Scheme(**(columns | {"indicators": indicators} | others))


def external_scheme(maxima=((30, 20), (25, 25)), part="self", **others):
    """Return a scheme of scores from outside, a tuple of maxima per field."""
    nodes = [node(str(at), "total", sum(field)) for at, field in enumerate(maxima, 1)]
    for at, field in enumerate(maxima, 1):
        for place, most in enumerate(field, 1):
            nodes.append(node(f"{at}.{place}", str(at), most, "external", part=part))
    return scheme_of(nodes, **others)


def external_answers(points, period="2020Q4"):
    """Return answers: agency -> points of the leaves of `external_scheme`, in order."""
    codes = ["1.1", "1.2", "2.1", "2.2"]
    return pd.DataFrame(
        [
            (agency, period, code, number)
            for agency, numbers in points.items()
            for code, number in zip(codes, numbers, strict=False)
        ],
        columns=["agency", "period", "code", "number"],
    )


def rate_scheme(rule="proportional", params=None, **others):
    """Return a scheme of one rate and one yes/no."""
    nodes = [node("1", "total", 60), node("2", "total", 40)]
    nodes += [node("1.1", "1", 60, rule, indicator="R", params=params or {})]
    nodes += [node("2.1", "2", 40, "yes_no")]
    return scheme_of(nodes, rates=["R"], **others)


def rate_inputs(counts):
    """Return values and answers for `rate_scheme`: agency -> (x, n), every yes/no a yes."""
    values = pd.DataFrame(
        [(agency, "2020Q4", "R", x, n) for agency, (x, n) in counts.items()],
        columns=["agency", "period", "indicator", "numerator", "denominator"],
    )
    answers = values[["agency", "period"]].assign(code="2.1", answer="yes")
    return values, answers


SCHEME = external_scheme()
POINTS = {"A": (30, 5, 20, 10), "B": (20, 20, 5, 25), "C": (10, 10, 20, 20), "D": (5, 5, 5, 5)}
ANSWERS = external_answers(POINTS)
WAYS = [
    {},
    {"weights": "uniform"},
    {"weights_of": "field"},
    {"leave_out": "criterion"},
    {"weights": None, "leave_out": "field"},
    {"survey_error": {"1.1": 2.0, "2.2": 1.0}},
    {"alternatives": [external_scheme(((90, 20), (25, 65)), name="khac")]},
]


def drawn(answers=ANSWERS, scheme=SCHEME, values=None, **options):
    """Return the sensitivity of a few draws."""
    options = {"draws": FEW, "seed": 7} | options
    return sensitivity(values, scheme, answers=answers, **options)


@pytest.mark.parametrize("options", WAYS, ids=str)
def test_same_seed_same_frame_whatever_the_chunk(options):
    whole = drawn(**options)
    for chunk in (1, 7, 299):
        pd.testing.assert_frame_equal(drawn(chunk=chunk, **options), whole, check_exact=True)
    if options != {"weights": None, "leave_out": "field"}:
        assert not drawn(seed=8, **options)["percent_low"].equals(whole["percent_low"])


@pytest.mark.parametrize("options", WAYS, ids=str)
def test_the_order_of_agencies_does_not_matter(options):
    one = drawn(**options).set_index("agency")
    other = drawn(ANSWERS.iloc[::-1], **options).set_index("agency")
    pd.testing.assert_frame_equal(other.loc[one.index], one, check_exact=True)


@pytest.mark.parametrize("rule", ["proportional", "relative_to_best"])
def test_rates_do_not_depend_on_the_chunk_or_the_order(rule):
    values, answers = rate_inputs({"A": (50, 60), "B": (60, 60), "C": (9, 10), "D": (0, 0)})
    options = {"scheme": rate_scheme(rule), "sampling": True}
    whole = drawn(answers, values=values, **options)
    pd.testing.assert_frame_equal(drawn(answers, values=values, chunk=7, **options), whole)
    turned = drawn(answers.iloc[::-1], values=values.iloc[::-1], **options).set_index("agency")
    pd.testing.assert_frame_equal(turned.loc[list("ABCD")], whole.set_index("agency"))
    assert whole["percent_low"][0] < whole["percent_high"][0]


def test_another_period_changes_nothing_for_the_first():
    counts = {"A": (50, 60), "B": (40, 60), "C": (9, 10)}
    values, answers = rate_inputs(counts)
    later = values.assign(period="2021Q4"), answers.assign(period="2021Q4")
    options = {"scheme": rate_scheme(), "sampling": True}
    alone = drawn(answers, values=values, **options)
    both = drawn(
        pd.concat([later[1], answers]), values=pd.concat([later[0], values]), **options
    ).reset_index(drop=True)
    earlier = both[both["period"] == pd.Period("2020Q4")].reset_index(drop=True)
    pd.testing.assert_frame_equal(earlier, alone, check_exact=True)
    # The weights of a draw are the same for all; the rates of two periods are drawn apart.
    second = both[both["period"] == pd.Period("2021Q4")].reset_index(drop=True)
    assert not second["percent_low"].equals(alone["percent_low"])


@pytest.mark.parametrize("options", WAYS[:5], ids=str)
def test_equal_agencies_share_the_first_rank_in_every_draw(options):
    names = [f"Sở số {number:02d}" for number in range(13)]
    # Thirds are no decimals: sums that differ by their order would break the tie.
    found = drawn(external_answers({name: (10 / 3, 20 / 3, 7.1, 0.1) for name in names}), **options)
    assert (found[[*RANKS, "rank", "rank_mean", "p_first", "p_top"]] == 1).all().all()


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(*(st.integers(0, most) for most in (30, 20, 25, 25))), min_size=2, max_size=6
    ),
    st.sampled_from(WAYS[:5]),
)
def test_laws_of_ranks_for_any_points(points, options):
    found = drawn(
        external_answers({f"S{n}": p for n, p in enumerate(points)}), draws=100, **options
    )
    assert (found["rank_low"] <= found["rank_median"]).all()
    assert (found["rank_median"] <= found["rank_high"]).all()
    assert found["rank_mean"].between(1, len(points)).all()
    assert found["p_first"].sum() >= 1 - 1e-12  # of several that share rank 1 each is first
    assert (found["p_first"] <= found["p_top"]).all()
    assert (found["percent_low"] <= found["percent_high"]).all()
    assert ((found["percent_low"] >= 0) & (found["percent_high"] <= 100)).all()
    # Who has no leaf better than another, and one worse, is never before it.
    for one, own in enumerate(points):
        for other, theirs in enumerate(points):
            if own != theirs and all(a <= b for a, b in zip(own, theirs, strict=True)):
                assert found["rank_mean"][one] >= found["rank_mean"][other]
                assert found["rank_low"][one] >= found["rank_low"][other]


def test_a_dominated_agency_is_never_first():
    found = drawn(draws=2000, spread=60.0).set_index("agency")
    assert found.loc["D", "p_first"] == 0
    assert found.loc["D", RANKS].tolist() == [4, 4, 4]
    assert found.loc["A", "p_first"] + found.loc["B", "p_first"] == pytest.approx(
        1 - found.loc["C", "p_first"], abs=0.01
    )
    assert 0 < found.loc["B", "p_first"] < 1


def test_without_variation_the_limits_are_the_figures_as_scored():
    found = drawn(weights=None)
    for name in (*RANKS, "rank_mean"):
        assert found[name].tolist() == found["rank"].tolist()
    for name in ("percent_low", "percent_high"):
        assert found[name].tolist() == found["percent"].tolist()
    assert found["method"].unique().tolist() == ["không thay đổi gì; khoảng phân vị 95 %"]


def test_scored_figures_are_those_of_score_and_rank_agencies():
    scores = score(None, SCHEME, answers=ANSWERS)
    ranked = rank_agencies(scores, scheme=SCHEME).set_index("agency")
    found = drawn().set_index("agency").loc[ranked.index]
    for name in ("points", "percent", "rank"):
        assert found[name].tolist() == ranked[name].tolist()
    assert list(drawn().columns) == [
        *("agency", "period", "assessor", "points", "percent", "rank", "rank_low", "rank_high"),
        *("rank_median", "rank_mean", "p_first", "p_top", "top", "percent_low", "percent_high"),
        *("p_value", "p_adjusted", "side"),
        *("level", "draws", "seed", "method", "scheme_status", "note"),
    ]


def test_two_agencies_and_uniform_field_weights_as_worked_out_by_hand():
    # A has all of field 1, B all of field 2; both are half of the total. A is before B where the
    # first multiplier is larger: half of the draws. A's percent is 100 u / (u + v) with u, v
    # uniform on 0.8 … 1.2, so from 40 to 60.
    found = drawn(
        external_answers({"A": (30, 20, 0, 0), "B": (0, 0, 25, 25)}),
        weights="uniform", weights_of="field", spread=20.0, draws=20_000, level=99.9,
    )  # fmt: skip
    assert found["p_first"].tolist() == pytest.approx([0.5, 0.5], abs=0.02)
    assert found["percent_low"].to_numpy() == pytest.approx(40, abs=0.6)
    assert found["percent_high"].to_numpy() == pytest.approx(60, abs=0.6)
    assert found["percent_low"].min() > 40
    assert found["percent_high"].max() < 60


def test_dirichlet_weights_have_the_schemes_mean_and_the_stated_spread():
    matrix = leaf_matrix(mark(None, complete_answers(ANSWERS, SCHEME), SCHEME))
    maxima = drawn_maxima(matrix, Variation(spread=30.0), np.random.default_rng(1), 40_000)
    assert maxima.sum(axis=0) == pytest.approx(100)
    assert maxima.mean(axis=1) == pytest.approx([30, 20, 25, 25], rel=0.01)
    concentration = 3 / 0.3**2 - 1  # (K - 1) / c² - 1
    mean = np.array([0.3, 0.2, 0.25, 0.25])
    variance = mean * (1 - mean) / (concentration + 1)
    assert maxima.std(axis=1) / 100 == pytest.approx(np.sqrt(variance), rel=0.02)
    # A leaf of average weight moves by the spread.
    assert maxima[2].std() / 25 == pytest.approx(0.30, rel=0.02)


def test_leaves_that_do_not_apply_leave_the_agencys_own_maximum_in_each_draw():
    answers = ANSWERS.assign(answer="", number=ANSWERS["number"].astype("Float64"))
    full = answers["agency"].isin(["A"])
    answers.loc[full, "number"] = [30.0, 20.0, 25.0, 25.0]
    out = full & (answers["code"] == "1.1")
    answers.loc[out, "number"], answers.loc[out, "answer"] = pd.NA, "not_applicable"
    found = drawn(answers, spread=90.0).set_index("agency")
    assert found.loc["A", ["percent", "percent_low", "percent_high"]].tolist() == [100, 100, 100]


def test_bonus_and_deduction_keep_their_points():
    nodes = [node("1", "total", 10, "yes_no"), node("2", "total", 10, "yes_no")]
    nodes += [node("3", "total", 4, "bonus", kind="bonus")]
    nodes += [node("4", "total", 4, "deduction", kind="deduction", params={"each": 1})]
    answers = pd.DataFrame(
        [("A", "1", "yes", None), ("A", "2", "yes", None), ("A", "3", "yes", None),
         ("A", "4", "", 1), ("B", "1", "yes", None), ("B", "2", "yes", None),
         ("B", "3", "no", None), ("B", "4", "", 0)],
        columns=["agency", "code", "answer", "number"],
    ).assign(period="2020Q4")  # fmt: skip
    found = drawn(answers, scheme_of(nodes), spread=80.0).set_index("agency")
    # 20 + 4 - 1 of 20 whatever the weights, for both leaves are full.
    columns = ["percent", "percent_low", "percent_high"]
    assert found.loc["A", columns].tolist() == pytest.approx([115, 115, 115])
    assert found.loc["B", columns].tolist() == pytest.approx([100, 100, 100])


def test_sixty_of_sixty_is_not_certain():
    from scipy.stats import beta

    values, answers = rate_inputs({"A": (60, 60), "B": (57, 60), "C": (0, 0)})
    found = drawn(
        answers, rate_scheme(), values, weights=None, sampling=True, draws=20_000, lang="en"
    ).set_index("agency")
    assert found.loc["A", "percent"] == 100
    assert found.loc["A", "percent_low"] < found.loc["A", "percent_high"] < 100
    for agency, x in (("A", 60), ("B", 57)):
        limits = 40 + 60 * beta(x + 0.5, 60 - x + 0.5).ppf([0.025, 0.975])
        got = found.loc[agency, ["percent_low", "percent_high"]].astype(float)
        assert got.to_numpy() == pytest.approx(limits, abs=0.15)
    # 0/0 is not applicable here and holds no rate.
    assert found.loc["C", ["percent_low", "percent_high"]].tolist() == [100, 100]
    assert "full counts of a period are no sample" in found.loc["A", "note"]
    assert found.loc["A", "method"].startswith("rates redrawn from their Jeffreys posterior (1 ")


def test_drawn_rates_are_scored_by_the_leafs_own_rule():
    tiers = {"bands": [{"from": 90, "points": 60}, {"below": 90, "points": 30}]}
    values, answers = rate_inputs({"A": (54, 60), "B": (60, 60)})
    options = {"weights": None, "sampling": True, "level": 90}
    found = drawn(answers, rate_scheme("bands", tiers), values, **options).set_index("agency")
    # At the edge of the band one draw in two falls below it: 70 or 100, nothing between.
    assert found.loc["A", ["percent_low", "percent_high"]].tolist() == [70, 100]
    assert found.loc["B", ["percent_low", "percent_high"]].tolist() == [100, 100]
    best = drawn(answers, rate_scheme("relative_to_best"), values, **options).set_index("agency")
    # Measured against the best of the draw, which has all points.
    assert best.loc["B", "percent_high"] == 100
    assert best["rank_low"].eq(1).any()


@pytest.mark.parametrize("missing", ["zero", "full", "exclude"])
def test_who_is_alone_with_a_figure_keeps_the_points_as_scored(missing):
    nodes = [node("1", "total", 60), node("2", "total", 40), node("2.1", "2", 40, "yes_no")]
    nodes.append(node("1.1", "1", 60, "relative_to_best", indicator="R", missing=missing))
    values, answers = rate_inputs({"A": (54, 60), "B": (0, 0)})
    answers["answer"] = ["yes", "no"]
    found = drawn(answers, scheme_of(nodes, rates=["R"]), values, weights=None, sampling=True)
    assert found["percent"].notna().all()
    for limit in ("percent_low", "percent_high"):
        assert found[limit].tolist() == found["percent"].tolist()


def twice_scheme(**others):
    """Return a scheme of two leaves that one rate feeds."""
    nodes = [node("1", "total", 60), node("2", "total", 40)]
    nodes += [
        node(f"{field}.1", str(field), most, "proportional", indicator="R", group=group)
        for field, most, group in ((1, 60, "all"), (2, 40, others.pop("group", "all")))
    ]
    return scheme_of(nodes, rates=["R"], **others)


def test_a_rate_that_feeds_two_leaves_is_drawn_once():
    from scipy.stats import beta

    values, _ = rate_inputs({"A": (50, 60), "B": (40, 60)})
    options = {"weights": None, "sampling": True, "draws": 20_000}
    found = drawn(None, twice_scheme(), values, **options).set_index("agency")
    for agency, x in (("A", 50), ("B", 40)):
        limits = 100 * beta(x + 0.5, 60 - x + 0.5).ppf([0.025, 0.975])
        got = found.loc[agency, ["percent_low", "percent_high"]].astype(float)
        assert got.to_numpy() == pytest.approx(limits, abs=0.25)
    # Another group is another figure, equal counts or not: two draws, and a narrower interval.
    apart = pd.concat([values, values.assign(group="khac")]).fillna({"group": "all"})
    two = drawn(None, twice_scheme(group="khac"), apart, **options).set_index("agency")
    width = [(one["percent_high"] - one["percent_low"])["A"] for one in (found, two)]
    assert width[1] == pytest.approx(width[0] * np.sqrt(0.6**2 + 0.4**2), rel=0.03)


def two_names_scheme(second, rule):
    nodes = [node("1", "total", 50), node("2", "total", 50)]
    nodes += [
        node("1.1", "1", 50, "proportional", indicator="on_time_rate_settled"),
        node("2.1", "2", 50, rule, indicator=second),
    ]
    return scheme_of(nodes)


def named_counts(**indicators):
    rows = [
        (agency, code, count(on_time), 60)
        for agency, on_time in (("A", 54), ("B", 50), ("C", 57))
        for code, count in indicators.items()
    ]
    values = pd.DataFrame(rows, columns=["agency", "indicator", "numerator", "denominator"])
    return values.assign(period="2020Q3")


@pytest.mark.parametrize(
    ("second", "rule", "count"),
    [
        # Late is what on time leaves, and a complement is scored on what late leaves.
        ("late_rate_settled", "complement", lambda on_time: 60 - on_time),
        ("on_time_rate_settled", "proportional", lambda on_time: on_time),
    ],
)
def test_one_count_under_two_names_is_drawn_once(second, rule, count):
    from scipy.stats import beta

    own = {"on_time_rate_settled": lambda on_time: on_time, second: count}
    scheme, values = two_names_scheme(second, rule), named_counts(**own)
    found = drawn(None, scheme, values, weights=None, sampling=True, draws=20_000)
    got = found.set_index("agency").loc["A", ["percent_low", "percent_high"]].astype(float)
    limits = 100 * beta(54.5, 6.5).ppf([0.025, 0.975])
    assert got.to_numpy() == pytest.approx(limits, abs=0.3)
    options = {"seed": 1, "n": 128, "resamples": 20, "weights": None, "sampling": True}
    factors = sobol_indices(values, scheme, agency="A", **options)
    assert factors[["factor", "code"]].values.tolist() == [["sampling", "1.1"]]


def test_other_counts_of_one_size_are_drawn_apart():
    own = {
        "on_time_rate_settled": lambda on_time: on_time,
        "published": lambda on_time: on_time,
    }
    scheme = two_names_scheme("procedures_published_on_time_share", "proportional")
    values = named_counts(**own).replace({"published": "procedures_published_on_time_share"})
    factors = sobol_indices(
        values, scheme, agency="A", seed=1, n=128, resamples=20, weights=None, sampling=True
    )
    assert len(factors) == 2


def test_a_rank_that_draws_seldom_give_is_noted():
    rows = [
        (agency, "on_time_rate_settled", n, n)
        for agency, n in zip("ABCD", (3, 60, 60, 60), strict=True)
    ]
    values = pd.DataFrame(rows, columns=["agency", "indicator", "numerator", "denominator"])
    scheme = two_names_scheme("on_time_rate_settled", "proportional")
    options = {"weights": None, "sampling": True, "lang": "en"}
    found = sensitivity(values.assign(period="2020Q3"), scheme, seed=1, draws=20_000, **options)
    found = found.set_index("agency")
    assert found["rank"].tolist() == [1, 1, 1, 1]
    # Beta(3.5, 0.5) is above three of Beta(60.5, 0.5) in about 6 of 100 draws.
    assert "rank 1 is held in 6 % of the draws only" in found.loc["A", "note"]
    assert "held" not in found.loc["B", "note"]


def test_of_agencies_alike_few_are_apart_and_it_is_said_how_many_by_chance():
    random, size = np.random.default_rng(3), 40
    apart, discovered = 0, 0
    for seed in range(10):
        counts = [(int(x), 200) for x in random.binomial(200, 0.9, size)]
        values, answers = rate_inputs({f"A{at:02}": one for at, one in enumerate(counts)})
        options = {"weights": None, "sampling": True, "seed": seed, "draws": 500}
        found = sensitivity(values, rate_scheme(), answers=answers, lang="en", **options)
        is_apart = found["side"] != ""
        assert (is_apart == (found["p_value"] <= 0.05 + 1e-12)).all()
        told = "of 40 agencies ranked together chance alone puts about 2"
        assert found["note"].str.contains(told).eq(is_apart).all()
        apart += int(is_apart.sum())
        discovered += int((found["p_adjusted"] <= 0.05).any())
    # 400 agencies at 5 in 100, four standard deviations above.
    assert apart <= 20 + 4 * np.sqrt(20)
    assert discovered <= 3


def test_who_is_better_by_more_than_chance_is_apart_and_who_is_not_drawn_has_no_chance():
    counts = {f"A{at}": (180, 200) for at in range(8)} | {"B": (200, 200), "C": (140, 200)}
    values, answers = rate_inputs(counts)
    options = {"weights": None, "sampling": True, "seed": 1, "draws": 500, "lang": "en"}
    found = sensitivity(values, rate_scheme(), answers=answers, **options).set_index("agency")
    assert found.loc[["B", "C", "A0"], "side"].tolist() == ["above", "below", ""]
    assert found.loc[["B", "C"], "p_adjusted"].tolist() == pytest.approx([2 / 501 * 10 / 2] * 2)
    nothing = drawn(answers, rate_scheme(), values, spread=20.0)
    assert nothing[["p_value", "p_adjusted"]].isna().all(axis=None)
    assert (nothing["side"] == "").all()


def test_a_rate_that_feeds_two_leaves_is_one_factor():
    values, _ = rate_inputs({"A": (50, 60), "B": (40, 60)})
    options = {"seed": 4, "n": 256, "resamples": 20, "weights": None, "sampling": True}
    for who in ({"agency": "A"}, {"output": "rank_shift"}):
        found = sobol_indices(values, twice_scheme(), **options, **who)
        assert found[["factor", "code"]].values.tolist() == [["sampling", "1.1"]]
    mine = sobol_indices(values, twice_scheme(), agency="A", **options)
    assert mine["first_order"].tolist() == pytest.approx([1.0], abs=0.05)


def test_survey_scores_move_by_their_error_within_their_maximum():
    scheme = external_scheme(part="survey")
    answers = external_answers({"A": (15, 10, 12, 25), "B": (15, 10, 12, 0)})
    found = drawn(answers, scheme, weights=None, survey_error={"1.1": 2.0}, draws=20_000).set_index(
        "agency"
    )
    got = found.loc["A", ["percent_low", "percent_high"]].astype(float).to_numpy()
    assert got == pytest.approx([62 - 1.96 * 2, 62 + 1.96 * 2], abs=0.15)
    wild = drawn(answers, scheme, weights=None, survey_error=1000.0)
    assert ((wild["percent_low"] >= 0) & (wild["percent_high"] <= 100)).all()


def test_alternatives_score_the_whole_draw():
    other = external_scheme(((90, 20), (25, 65)), name="khac")
    answers = external_answers({"A": (30, 0, 0, 0), "B": (0, 20, 0, 5)})
    found = drawn(answers, weights=None, alternatives=[other], draws=2000).set_index("agency")
    # 30 against 25 points by both, of 100 and of 200.
    assert found["rank_high"].tolist() == [1, 2]
    assert found.loc["A", ["percent_low", "percent_high"]].tolist() == [15, 30]
    tiers = {"bands": [{"from": 60, "points": 60}, {"below": 60, "points": 0}]}
    values, yes = rate_inputs({"A": (50, 100), "B": (40, 100)})
    found = drawn(
        yes, rate_scheme(), values, weights=None, alternatives=[rate_scheme("bands", tiers)]
    ).set_index("agency")
    assert found.loc["A", ["percent_low", "percent_high"]].tolist() == [40, 70]
    # By the other rule both have none of it and share the first rank: half of the draws.
    assert found.loc["B", "p_first"] == pytest.approx(0.5, abs=0.1)
    assert found.loc["A", "p_first"] == 1


def test_an_example_stays_an_example():
    found = drawn(alternatives=[external_scheme(name="vi-du", status="example")], lang="en")
    assert found["scheme_status"].unique().tolist() == ["example"]
    assert found["note"].unique().tolist() == ["the scheme vi-du is an example only"]


@pytest.mark.parametrize("of", ["field", "criterion"])
def test_leaving_out_a_node_is_scoring_without_it(of):
    found = leave_one_out(None, SCHEME, answers=ANSWERS, of=of)
    codes = {"field": ["1", "2"], "criterion": ["1.1", "1.2", "2.1", "2.2"]}[of]
    assert found["left_out"].drop_duplicates().tolist() == codes
    for code in codes:
        answers = ANSWERS.assign(answer="")
        gone = answers["code"].str.startswith(code)
        answers.loc[gone, "answer"] = "not_applicable"
        answers["number"] = answers["number"].mask(gone)
        ranked = rank_agencies(score(None, SCHEME, answers=answers), scheme=SCHEME)
        ranked = ranked.set_index("agency")
        own = found[found["left_out"] == code].set_index("agency").loc[ranked.index]
        assert own["percent_without"].tolist() == pytest.approx(ranked["percent"].tolist())
        assert own["rank_without"].tolist() == ranked["rank"].tolist()
        assert (own["rank"] + own["rank_change"]).tolist() == ranked["rank"].tolist()


def test_draws_that_leave_out_are_among_those_of_the_table():
    table = leave_one_out(None, SCHEME, answers=ANSWERS).groupby("agency")
    found = drawn(weights=None, leave_out="field", level=99).set_index("agency")
    low, high = table["percent_without"].min(), table["percent_without"].max()
    assert found["percent_low"].tolist() == low.loc[found.index].tolist()
    assert found["percent_high"].tolist() == high.loc[found.index].tolist()


def test_incomplete_agencies_are_refused_or_stay_without_a_rank():
    gap = ANSWERS[~((ANSWERS["agency"] == "B") & (ANSWERS["code"] == "2.1"))]
    with pytest.raises(ValuesError) as refusal:
        drawn(gap)
    assert str(refusal.value) == (
        "1 of 4 scores are incomplete and cannot be ranked\n"
        "  where: B, 2020Q4, self: 2.1\n"
        '  mend:  give what is unknown, or choose incomplete="exclude" (no rank for them)'
    )
    found = drawn(gap, incomplete="exclude")
    out = found["agency"] == "B"
    assert found.loc[out, ["rank", "rank_low", "rank_mean", "percent_low"]].isna().all(axis=None)
    assert found.loc[out, "note"].tolist() == ["không xếp hạng: chưa có điểm 2.1"]
    rest = drawn(ANSWERS[ANSWERS["agency"] != "B"])
    pd.testing.assert_frame_equal(found[~out].reset_index(drop=True), rest)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"draws": 99}, "draws=99: a whole number from 100 to 10,000,000"),
        ({"draws": 10_000_001}, "draws=10000001: a whole number from 100 to 10,000,000"),
        ({"draws": True}, "draws=True: a whole number"),
        ({"seed": -1}, "seed=-1: a whole number, 0 or more; it makes the draws repeatable"),
        ({"seed": None}, "seed=None: a whole number"),
        ({"level": 100}, "level=100: a percentage above 0 and below 100"),
        ({"top": 0}, "top=0: a rank, 1 or more"),
        ({"chunk": 0}, "chunk=0: a number of draws, 1 or more"),
        ({"weights": "normal"}, "weights='normal': one of 'dirichlet', 'uniform', None"),
        ({"spread": 0}, "spread=0: a percentage above 0, up to 100"),
        ({"concentration": 0.5}, "concentration=0.5: a number from 1"),
        ({"weights": None, "concentration": 9}, "concentration=: belongs to weights='dirichlet'"),
        ({"leave_out": "leaf"}, "leave_out='leaf': one of 'field', 'criterion', None"),
        ({"survey_error": {"1.1": -1}}, "survey_error['1.1']=-1: a standard error in points"),
        ({"survey_error": {"9": 1}}, "survey_error= names what is no score from outside: 9"),
        ({"survey_error": 1.0}, "the scheme has no survey score from outside"),
        ({"incomplete": "known"}, "there is no incomplete='known'"),
        ({"lang": "fr"}, "no labels in language 'fr'"),
        ({"alternatives": [rate_scheme()]}, "thu has no leaf 1.2, 2.2"),
        ({"alternatives": ["qd-766-2022"]}, "a scheme is a Scheme, not a str"),
        ({"alternatives": SCHEME}, "alternatives are several schemes, even where it is one"),
    ],
)
def test_options_that_make_no_sense_are_refused(options, told):
    with pytest.raises(CchcError) as refusal:
        drawn(**options)
    assert told in str(refusal.value)
    assert refusal.value.mend


def test_all_faults_of_the_options_come_at_once():
    with pytest.raises(CchcError) as refusal:
        drawn(draws=1, level=0, top=-1)
    assert refusal.value.what == "these options make no sense: 3 faults"


def test_what_cannot_be_ranked_is_refused():
    with pytest.raises(ValuesError) as refusal:
        drawn(ANSWERS[ANSWERS["agency"] == "A"])
    assert str(refusal.value) == (
        "ranks need at least two agencies that can be ranked against one another\n"
        "  where: 2020Q4, self: A\n"
        "  mend:  score several agencies of the same period and assessor, or leave that period out"
    )
    answers = ANSWERS.assign(answer="")
    gone = (answers["agency"] == "A") & answers["code"].str.startswith("1")
    answers.loc[gone, "answer"] = "not_applicable"
    answers["number"] = answers["number"].mask(gone)
    with pytest.raises(ValuesError) as refusal:
        drawn(answers, leave_out="field")
    assert refusal.value.what == "an agency has nothing applicable left when a node is left out"
    assert refusal.value.where == "A, 2020Q4, self: without 2"
    with pytest.raises(ValuesError, match="are more than 100,000,000 percents to hold"):
        drawn(external_answers({f"S{n}": (1, 1, 1, 1) for n in range(11)}), draws=10_000_000)


@given(st.lists(st.lists(st.integers(0, 5), min_size=4, max_size=4), min_size=1, max_size=5))
def test_competition_ranks_are_those_of_scipy(rows):
    from scipy.stats import rankdata

    percent = np.array(rows, dtype="float64")
    expected = rankdata(-percent, method="min", axis=1)
    assert competition_ranks(percent).tolist() == expected.tolist()


def test_percentiles_of_ranks_are_those_of_numpy():
    board_ranks = []
    found = drawn(draws=1000, spread=60.0, level=80).set_index("agency")
    random = np.random.default_rng(np.random.SeedSequence(7, spawn_key=(2, 0)))
    maxima = drawn_maxima(
        leaf_matrix(mark(None, complete_answers(ANSWERS, SCHEME), SCHEME)),
        Variation(spread=60.0),
        random,
        1000,
    )
    shares = np.array([POINTS[name] for name in "ABCD"]) / [30, 20, 25, 25]
    board_ranks = competition_ranks(np.round((shares @ maxima).T, 10))
    low, middle, high = np.quantile(board_ranks, [0.1, 0.5, 0.9], axis=0, method="inverted_cdf")
    for name, expected in zip(RANKS, (low, middle, high), strict=True):
        assert found.loc[list("ABCD"), name].tolist() == expected.tolist()
    assert found.loc[list("ABCD"), "rank_mean"].tolist() == board_ranks.mean(axis=0).tolist()
    top = (board_ranks <= 3).mean(axis=0)
    assert found.loc[list("ABCD"), "p_top"].tolist() == top.tolist()


def pages(function, columns, n, seed):
    """Return what `indices_of` evaluates: each column of the function from one of two samples."""
    from scipy.stats import qmc

    both = qmc.Sobol(2 * columns, seed=seed).random(n).T.reshape(2, columns, n)
    return lambda sample: function(np.array([both[which, at] for at, which in enumerate(sample)]))


def ishigami(uniform):
    x = np.pi * (2 * uniform - 1)
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_indices_of_the_ishigami_function_are_the_analytic_ones():
    found = indices_of(pages(ishigami, 3, 2**13, 5), 3, seed=1, level=99, resamples=50)
    # Ishigami and Homma 1990 with a = 7, b = 0.1.
    v1, v2 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 7**2 / 8
    v13 = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = v1 + v2 + v13
    assert found["first_order"] == pytest.approx(np.array([v1, v2, 0]) / whole, abs=0.02)
    assert found["total"] == pytest.approx(np.array([v1 + v13, v2, v13]) / whole, abs=0.02)
    assert (found["first_low"] <= found["first_order"]).all()
    assert (found["first_order"] <= found["first_high"]).all()


def test_indices_of_a_sum_are_its_shares_of_variance():
    weights = np.array([1.0, 2.0, 3.0, 0.0])
    found = indices_of(pages(lambda u: weights @ u, 4, 2**12, 3), 4, seed=1, level=95, resamples=20)
    shares = weights**2 / (weights**2).sum()
    assert found["first_order"] == pytest.approx(shares, abs=0.02)
    assert found["total"] == pytest.approx(shares, abs=0.02)


def test_sobol_indices_of_a_score_as_worked_out_by_hand():
    # Two independent survey scores with errors 3 and 1: shares 9 and 1 of 10.
    answers = external_answers({"A": (15, 10, 12, 12), "B": (15, 10, 12, 10)})
    scheme = external_scheme(part="survey")
    options = {"answers": answers, "seed": 4, "weights": None, "resamples": 20}
    options |= {"survey_error": {"1.1": 3.0, "1.2": 1.0}}
    found = sobol_indices(None, scheme, agency="A", **options).set_index("code")
    assert found["factor"].unique().tolist() == ["survey"]
    assert found.loc["1.1", "first_order"] == pytest.approx(0.9, abs=0.03)
    assert found.loc["1.2", "total"] == pytest.approx(0.1, abs=0.03)
    assert found["evaluations"].tolist() == [1024 * 4] * 2
    shift = sobol_indices(None, scheme, output="rank_shift", **options).set_index("code")
    assert shift.loc["1.1", "total"] > shift.loc["1.2", "total"]


def test_sobol_indices_repeat_and_cover_every_kind_of_factor():
    values, answers = rate_inputs({"A": (50, 60), "B": (55, 60), "C": (30, 40)})
    tiers = {"bands": [{"from": 85, "points": 60}, {"below": 85, "rate": True}]}
    options = {"answers": answers, "seed": 4, "n": 64, "resamples": 20, "sampling": True}
    options |= {"alternatives": [rate_scheme("bands", tiers)]}
    one = sobol_indices(values, rate_scheme(), agency="A", **options)
    assert set(zip(one["factor"], one["code"], strict=True)) == {
        ("weight", "1"), ("weight", "2"), ("schemes", ""), ("sampling", "1.1"),
    }  # fmt: skip
    assert one["total"].is_monotonic_decreasing
    pd.testing.assert_frame_equal(sobol_indices(values, rate_scheme(), agency="A", **options), one)


def test_sobol_indices_of_what_does_not_vary_are_zero_and_say_so():
    values, answers = rate_inputs({"A": (60, 60), "B": (57, 60)})
    found = sobol_indices(values, rate_scheme(), answers=answers, seed=1, n=64, agency="A",
                          resamples=20, lang="en")  # fmt: skip
    assert (found[["first_order", "total"]] == 0).all(axis=None)
    assert found["note"].unique().tolist() == ["the output does not change with the factors"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"weights": "dirichlet"}, "add up to 1 and are not independent of one another"),
        ({"n": 1000}, "n=1000: a power of 2 from 64 to 65,536"),
        ({"output": "rank"}, "output='rank': one of 'percent', 'rank_shift'"),
        ({"agency": None}, "output='percent': say whose, agency="),
        ({"output": "rank_shift"}, "output='rank_shift': of all agencies, so no agency="),
        ({"agency": "Z"}, "there is no agency 'Z' with a rank"),
        ({"period": "2019Q4"}, "no such period and assessor"),
        ({"weights": None}, "nothing varies, so there is nothing to share out"),
        ({"resamples": 1}, "resamples=1: a whole number from 20 to 100,000"),
    ],
)
def test_sobol_indices_refuse_in_words(options, told):
    with pytest.raises(CchcError) as refusal:
        sobol_indices(None, SCHEME, answers=ANSWERS, **({"seed": 1, "agency": "A"} | options))
    assert told in str(refusal.value)


def test_sobol_indices_refuse_what_cannot_be_held():
    points = {f"S{number}": (15, 10, 12, 12) for number in range(400)}
    with pytest.raises(ValuesError) as refusal:
        sobol_indices(
            None, external_scheme(part="survey"), answers=external_answers(points), seed=1,
            output="rank_shift", survey_error=1.0, n=2**16,
        )  # fmt: skip
    assert str(refusal.value) == (
        "1,602 uncertain figures at these n points are too many to be analysed at once\n"
        "  where: 2020Q4, self: 400 agencies\n"
        "  mend:  take a smaller n, one agency's percent, or fewer things that vary"
    )


def test_several_periods_must_be_told_apart():
    both = pd.concat([ANSWERS, ANSWERS.assign(period="2021Q4")])
    with pytest.raises(ValuesError, match="one of them is analysed at a time"):
        sobol_indices(None, SCHEME, answers=both, seed=1, agency="A")
    found = sobol_indices(
        None, SCHEME, answers=both, seed=1, agency="A", period="2021Q4", n=64, resamples=20
    )
    assert found["period"].unique().tolist() == [pd.Period("2021Q4")]
