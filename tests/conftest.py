import os

import matplotlib
import pytest
from hypothesis import settings

matplotlib.use("Agg")

# The profile ci takes the same examples each time, so that a build can be repeated; thorough is for
# an evening: HYPOTHESIS_PROFILE=thorough make test.
settings.register_profile("dev", deadline=None, max_examples=24)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=24)
settings.register_profile("thorough", deadline=None, max_examples=300)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "dev"))


# What a machine may lack; any other test that does not run is a fault of the build.
MAY_BE_SKIPPED = ("there is no Chromium on this machine", "there is no Java on this machine")


def pytest_addoption(parser):
    parser.addoption(
        "--no-skips",
        action="store_true",
        help="Fail where a test is skipped for another reason than a browser or Java not there.",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        reason = report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr
        if not any(one in str(reason) for one in MAY_BE_SKIPPED):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped: {reason}"
    return report


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
