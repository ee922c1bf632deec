"""Answers of peers' own test suites, read where they lie beside the project and never copied."""

from pathlib import Path

import pytest

PEER_CASES = Path(__file__).parents[2] / "shared" / "peer_cases"


def peer_file(name: str) -> Path:
    """Return a file of published answers, or skip the test and say so."""
    path = PEER_CASES / name
    if not path.is_file():
        pytest.skip(f"the peers' answers are not beside the project: ../shared/peer_cases/{name}")
    return path
