"""The name of compiled code is made of sources that are there."""

import pytest

from analysis.estimators import compiled as estimators
from sim.world import compiled


def test_a_source_that_has_moved_away_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "_SOURCES", (*compiled._SOURCES, "moved/*"))
    with pytest.raises(FileNotFoundError, match="no source is named so"):
        compiled.kernel_hash.__wrapped__()
    monkeypatch.setattr(estimators, "_KERNELS", tmp_path)
    with pytest.raises(FileNotFoundError, match="no source is named so"):
        estimators.estimators_hash.__wrapped__()
