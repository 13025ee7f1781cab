"""Type I error and coverage of the mixed models in small trials, and the table that says so."""

import csv

import pytest

from tests.verify.mixed_levels import (
    METHODS,
    MODELS,
    RECORDED,
    RETENTION,
    SIZES,
    mixed_level,
)

# docs/estimators.md gives the figures; in every other cell they are within .04-.06 and .94-.96.
OUTSIDE = {
    ("random slope", "satterthwaite", 15, 0.5),
    ("unstructured", "satterthwaite", 15, 0.5),
    ("unstructured", "kenward-roger", 15, 0.5),
    ("unstructured", "satterthwaite", 29, 0.5),
}
CELLS = [(m, df, n, kept) for m in MODELS for df in METHODS for n in SIZES for kept in RETENTION]


def rows(repository):
    with (repository / RECORDED).open(encoding="utf-8") as source:
        return {
            (row["model"], row["df"], int(row["egos"]), float(row["retention"])): row
            for row in csv.DictReader(source)
        }


@pytest.fixture(scope="module")
def recorded_levels(request):
    return rows(request.config.rootpath)


def test_the_table_has_every_cell_and_can_be_made_again(recorded_levels):
    assert set(recorded_levels) == set(CELLS)
    name = ("random intercept", "satterthwaite", 29, 0.5)
    level = mixed_level(*name, replicates=10_000, seed=1)
    row = recorded_levels[name]
    for column in ("type_one", "coverage", "converged", "singular"):
        assert getattr(level, column) == pytest.approx(float(row[column]), abs=2e-4)


def test_the_table_is_in_band_but_where_the_docs_say(recorded_levels, request):
    out = {cell for cell, row in recorded_levels.items() if not in_band(row)}
    assert out == OUTSIDE
    text = (request.config.rootpath / "docs" / "estimators.md").read_text(encoding="utf-8")
    for cell in out:
        row = recorded_levels[cell]
        figures = [f"{float(row[what]):.3f}".lstrip("0") for what in ("type_one", "coverage")]
        line = f"| {cell[0]} | {cell[1]} | {cell[2]} | {cell[3]} | {figures[0]} | {figures[1]} |"
        assert line in text


def in_band(row):
    return 0.04 <= float(row["type_one"]) <= 0.06 and 0.94 <= float(row["coverage"]) <= 0.96


@pytest.mark.verify
@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: "-".join(map(str, cell)))
def test_type_one_error_and_coverage(cell):
    # MCSE .0022 for 10,000 replicates: a cell at .05 and .95 leaves its band once in 1e5; those
    # nearer an edge (15 egos, half of them seen) are held to the band less strictly, by 3 MCSE.
    level = mixed_level(*cell, replicates=10_000, seed=2)
    slack = 3 * level.mcse if cell[2:] == (15, 0.5) else 0.0
    if cell in OUTSIDE:
        assert level.type_one > 0.05
        assert level.coverage < 0.95
        return
    assert 0.04 - slack <= level.type_one <= 0.06 + slack
    assert 0.94 - slack <= level.coverage <= 0.96 + slack


@pytest.mark.verify
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("egos", SIZES)
def test_a_fit_is_found_whenever_enough_is_seen(name, egos):
    # With 83 % at the last wave, one trial in 10,000 at most has no fit.
    level = mixed_level(name, "kenward-roger", egos, 0.83, replicates=10_000, seed=3)
    assert level.converged >= 0.999
