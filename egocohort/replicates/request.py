"""What many studies are asked for: which study, how often, and which of its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from egocohort.simulation_run import CODED, SimulationRun, carry_out, read_run
from sim.data import codebook
from sim.errors import InputError, meant_or_known
from sim.side_by_side import Progress, side_by_side
from sim.study.how_much_truth import LIVED

if TYPE_CHECKING:
    import pyarrow as pa

    from egocohort.results.simulation import Simulation

__all__ = ["AHEAD", "STAGE", "ManyStudies", "check_tables", "main_tables", "read_many"]

STAGE = "simulating replicates"
AHEAD = 2
"""Studies begun for each thread whose results are not taken yet."""


class ManyStudies(NamedTuple):
    """Many studies that are to be simulated, read and checked.

    Attributes
    ----------
    run
        The study, in its scenario, and the seed.
    replicates
        How many, from 0.
    tables
        Names of the tables asked for; None for all, each made when it is first asked for.
    """

    run: SimulationRun
    replicates: int
    tables: tuple[str, ...] | None

    @property
    def names(self) -> tuple[str, ...]:
        """Tables that a data set has: those asked for, by default those of what the study saw."""
        return self.tables or main_tables()

    def one(self, replicate: int) -> SimulationRun:
        """The run of one of them: that of `simulate` with this replicate."""
        return self.run.keyed(self.run.seed, replicate)

    def simulated(self, replicate: int) -> Simulation:
        """One of the studies; the tables asked for are made already."""
        found = carry_out(self.one(replicate), only=self.tables)
        for name in self.tables or ():
            found.arrow(name)
        return found

    def made(self, names: Iterable[str], replicate: int) -> Mapping[str, pa.Table]:
        """Some tables of one of the studies, and nothing else of it."""
        found = carry_out(self.one(replicate), only=tuple(names))
        return {name: found.arrow(name) for name in names}

    def each(self, threads: int, progress: Progress | None = None) -> Iterator[Simulation]:
        """All of them in order, a few more begun than are taken."""
        return side_by_side(
            partial(ManyStudies.simulated, self), range(self.replicates), threads,
            progress=progress, stage=STAGE, first_alone=True, ahead=AHEAD * threads,
        )  # fmt: skip


def read_many(
    study: str | Path,
    scenario: str | Path | None,
    *,
    seed: int,
    replicates: int,
    tables: Iterable[str] | None,
    truth: str = LIVED,
    errors: str | Mapping[str, Any] | None = None,
) -> ManyStudies:
    """Read and check what many studies are asked for.

    Parameters
    ----------
    study, scenario, seed, truth, errors
        As for `egocohort.simulation_run.read_run`.
    replicates, tables
        As in `ManyStudies`.

    Raises
    ------
    sim.errors.InputError
        Anything wrong with them; a table that no study has.
    """
    if replicates < 1:
        raise InputError(f"replicates must be 1 or more, not {replicates}")
    asked = None if tables is None else check_tables(tables)
    run = read_run(study, scenario, seed=seed, replicate=None, truth=truth, errors=errors)
    return ManyStudies(run, replicates, asked)


def main_tables() -> tuple[str, ...]:
    """The tables of what every study saw, in the order of the codebook."""
    known = codebook.tables().items()
    return tuple(name for name, one in known if not one.is_truth and not one.optional)


def check_tables(names: Iterable[str]) -> tuple[str, ...]:
    """The names in the order of the codebook; an `InputError` with the nearest if one is none."""
    known = [*codebook.tables(), *(f"{name}_miss" for name in CODED)]
    asked = [names] if isinstance(names, str) else [*names]
    for name in asked:
        if name not in known:
            hint = meant_or_known(name, known)
            raise InputError(f'no study has a table "{name}"{hint}')
    if not asked:
        raise InputError("no table is asked for; name one, such as alters")
    return tuple(name for name in known if name in asked)
