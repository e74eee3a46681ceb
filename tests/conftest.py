import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo_target.workbench import Workbench


@pytest.fixture
def bench() -> Iterator[Workbench]:
    with Workbench() as opened:
        yield opened


@pytest.fixture(scope="session")
def boundary_folder() -> Path:
    """Real village boundaries, which the repository does not hold."""
    folder = os.environ.get("GEO_TARGET_BOUNDARIES")
    if not folder:
        pytest.skip("GEO_TARGET_BOUNDARIES names no folder with real boundaries")
    return Path(folder)
