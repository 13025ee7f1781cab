"""The name of compiled code is made of sources that are there."""

import pytest

from analysis.estimators import compiled as estimators
from sim.sources import HOUSE, closure
from sim.world import compiled


def test_a_source_that_has_moved_away_is_noticed(monkeypatch, tmp_path):
    monkeypatch.setattr(compiled, "_KERNEL", tmp_path / "week.py")
    with pytest.raises(FileNotFoundError, match=r"week\.py"):
        compiled.kernel_hash.__wrapped__()
    monkeypatch.setattr(estimators, "_KERNELS", tmp_path / "kernels")
    with pytest.raises(FileNotFoundError, match="kernels"):
        estimators.estimators_hash.__wrapped__()


def test_the_kernel_is_made_of_the_rules_and_phases():
    world = HOUSE / "sim" / "world"
    made_of = set(closure(compiled._KERNEL))
    assert {*(world / "rules").glob("*.py"), *(world / "phases").glob("*.py")} <= made_of
    assert {world / f"{name}.py" for name in ("arithmetic", "streams", "state", "week")} <= made_of
    assert not any("study" in file.parts for file in made_of)


def test_one_machine_code_serves_every_constant():
    """Numbers of registers, written where a function is called, are no types of their own."""

    def add(register, by):
        return register + by

    kernel = compiled.compiled_into(None, add)

    def both():
        return kernel(1, by=2) * kernel(3, 4)

    assert compiled.compiled_into(None, both)() == 21
    assert len(kernel.signatures) == 1
