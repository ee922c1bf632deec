import os

import matplotlib
import pytest
from hypothesis import settings

matplotlib.use("Agg")

# The profile ci takes the same examples each time, so that a build can be repeated.
settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


@pytest.fixture(autouse=True)
def figures_closed():
    """Close what a test has drawn: figures outlive their test otherwise."""
    yield
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.fixture(scope="session")
def simulated():
    """Return a made-up ledger with faults, to be left as it is."""
    from cchc_stats import simulate_ledger

    return simulate_ledger(3_000, seed=7, agencies=4, fault_share=0.03)
