"""How a team lies in memory: from the start of a cache line, and each column of a block once."""

import itertools

import numpy as np
import pytest

from sim.world.memory import CACHE_LINE, aligned_empty
from sim.world.state import (
    BLOCK,
    CHANGING_COLUMNS,
    FIXED_COLUMNS,
    MARK_COLUMNS,
    SCRATCH_COLUMNS,
    TIES,
    WEEK_COLUMNS,
    empty_team,
)


@pytest.mark.parametrize("kind", [np.dtype(np.uint8), np.dtype(np.float64), TIES])
@pytest.mark.parametrize("shape", [(1,), (3, 5), (7, 2, 3)])
def test_arrays_begin_with_a_cache_line(shape, kind):
    several = [aligned_empty(shape, kind) for _ in range(5)]
    for array in several:
        assert array.shape == shape
        assert array.dtype == kind
        assert array.flags.c_contiguous
        assert array.ctypes.data % CACHE_LINE == 0


def test_ties_of_a_team_and_of_its_copy_begin_with_a_cache_line():
    team = empty_team(0, 5, 2, 24)
    assert team.ties.ctypes.data % CACHE_LINE == 0
    assert team.copy().ties.ctypes.data % CACHE_LINE == 0
    assert TIES.itemsize % CACHE_LINE == 0


def test_a_block_has_every_column_once():
    columns = CHANGING_COLUMNS + FIXED_COLUMNS + WEEK_COLUMNS + MARK_COLUMNS
    assert sorted(BLOCK) == sorted([name for name, _ in columns] + list(SCRATCH_COLUMNS))


def test_no_two_columns_that_the_week_writes_are_neighbours():
    written = {name for name, _ in CHANGING_COLUMNS + WEEK_COLUMNS} | set(SCRATCH_COLUMNS)
    neighbours = itertools.pairwise(BLOCK)
    assert [pair for pair in neighbours if written.issuperset(pair)] == []
