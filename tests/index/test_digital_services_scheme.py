"""The form of digital services measured and scored, by the example that is shipped."""

import pandas as pd
import pytest

from cchc_stats.forms import validate
from cchc_stats.index import explain, load_scheme, score
from cchc_stats.indicators import measure

FIGURES = {
    "received_online_full": 40,
    "received_online_part": 10,
    "received_in_person": 30,
    "received_postal": 20,
    "dossiers_handled": 120,
    "results_electronic": 90,
    "dossiers_digitised": 60,
    "dossiers_reused": 48,
    "dossiers_shared": 30,
    "dossiers_with_fee": 50,
    "dossiers_paid_online": 25,
    "procedures": 100,
    "procedures_online_full": 50,
    "procedures_online_part": 30,
    "procedures_online_used": 40,
    "procedures_with_fee": 40,
    "procedures_payable_online": 16,
    "procedures_paid_online": 8,
    "population_data_dossiers": 60,
    "population_data_procedures": 25,
    "non_territorial": 5,
    "petitions_received": 0,
    "petitions_on_time": 0,
}
# Worked out from the counts above: share × maximum, or share / target × maximum.
POINTS = {
    "full_process_share_procedures": 4.0,
    "full_process_share_received": 3.2,
    "online_share_received": 8.0,
    "online_services_used_share": 3.0,
    "non_territorial_share_received": 1.0,
    "electronic_results_share_handled": 7.5,
    "digitised_share_handled": 4.0,
    "reused_share_handled": 3.0,
    "shared_share_handled": 1.5,
    "population_data_share_handled": 3.0,
    "population_data_share_procedures": 1.0,
    "paid_online_share_with_fee": 5.0,
    "procedures_payable_online_share_with_fee": 2.0,
    "procedures_paid_online_share_with_fee": 1.0,
}


@pytest.fixture(scope="module")
def scores():
    row = {"agency": "Sở A", "period": pd.Period("2025Q4"), "basis": "in_period", "level": "all"}
    row |= {"not_applicable": "", "source": "số liệu giả định"}
    frame = validate(pd.DataFrame([row | FIGURES]), "digital_services")
    values = measure({"digital_services": frame})
    return score(values, load_scheme("example-digital-services"))


def test_every_indicator_of_the_form_is_scored(scores):
    points = scores.set_index("code")["points"]
    assert points[list(POINTS)].to_dict() == POINTS


def test_no_petitions_leave_the_maximum(scores):
    total = scores.set_index("code").loc["total"]
    assert (total["points"], total["applicable_max"]) == (47.2, 90.0)


def test_it_says_that_it_is_an_example(scores):
    assert explain(scores, "paid_online_share_with_fee").endswith("không phải của một quyết định)")
