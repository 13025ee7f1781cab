"""A run of the simulator: from a study and a scenario to the content of a bundle."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sim.study.error_settings import ErrorRates, errors_in_words, read_errors
from sim.study.spec import Study, read_study
from sim.world.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from egocohort.results.simulation import Simulation
    from sim.side_by_side import Progress
    from sim.study.columns import Columns

__all__ = ["SimulationRun", "carry_out", "draw_seed", "is_compiled", "read_run"]

DRAWN_SEEDS = 2**31  # short enough to read out

Makers: TypeAlias = dict[str, Callable[[], Any]]

CODED = ("persons", "egos", "items", "alters")  # tables whose missing codes are listed beside them


class SimulationRun(NamedTuple):
    """One run of the simulator: what is to be simulated, read and checked.

    Attributes
    ----------
    study, scenario
        What to simulate.
    seed, replicate
        The key of the random draws.
    command
        The command line that does it.
    """

    study: Study
    scenario: Scenario
    seed: int
    replicate: int | None
    command: tuple[str, ...]

    @contextmanager
    def placed(self, out: str | Path | None, *, force: bool) -> Iterator[None]:
        """Hold the bundle's place in `out`; raise now if it could not be put there later."""
        if out is None:
            yield
            return
        from sim.data.place import Which, check_place
        from sim.files.folder import hold_place

        which = Which.of_recipes(self.study, self.scenario, self.seed, self.replicate)
        folder = Path(out) / which.folder_name
        with hold_place(folder):
            check_place(folder, which, force=force)
            yield


def draw_seed() -> int:
    """A fresh seed, for when the user gives none."""
    return secrets.randbelow(DRAWN_SEEDS)


def settled_seed(seed: int | None, there: int | None = None) -> int:
    """The seed given; else that of results there; else a drawn one."""
    if seed is not None:
        return seed
    return draw_seed() if there is None else there


def read_run(
    study: str | Path,
    scenario: str | Path | None,
    *,
    seed: int,
    replicate: int | None,
    errors: str | Mapping[str, Any] | None = None,
) -> SimulationRun:
    """Read and check a study and the scenario it is held in.

    Parameters
    ----------
    study, scenario
        Names or paths; without a scenario, the study's own.
    seed, replicate
        The key of the random draws; the replicate is None for a study that is no repetition.
    errors
        Errors in place of the study's own, as `sim.study.error_settings.read_errors` takes them.

    Raises
    ------
    sim.errors.InputError
        Anything wrong with either, or with the two together.
    """
    asked = read_study(study)
    if errors is not None:
        asked = asked.with_errors(read_errors(errors))
    world = read_scenario(scenario if scenario is not None else asked.scenario)
    words = ["egocohort", "simulate", str(study)]
    words += ["--scenario", str(scenario)] if scenario is not None else []
    words += ["--seed", str(seed)]
    words += ["--replicate", str(replicate)] if replicate is not None else []
    words += ["--errors", errors_in_words(errors)] if errors is not None else []
    return SimulationRun(asked, world, seed, replicate, tuple(words))


def carry_out(
    run: SimulationRun, *, threads: int = 1, progress: Progress | None = None
) -> Simulation:
    """Simulate a run; its tables are made when they are first asked for.

    Parameters
    ----------
    run
        From `read_run`.
    threads
        Teams to run side by side.
    progress
        Called with the name of the stage, the number of its teams done, and of all.
    """
    from egocohort.results.bundle_content import BundleContent
    from egocohort.results.simulation import Simulation
    from sim.data import provenance, tables
    from sim.study.lazy import Lazy
    from sim.study.simulate import simulate_study
    from sim.study.tables import study_tables
    from sim.study.truth import true_values, truth_tables
    from sim.world.parameters import catalogue

    simulated = simulate_study(
        run.scenario,
        run.study,
        seed=run.seed,
        replicate=run.replicate or 0,
        threads=threads,
        progress=progress,
    )
    found, true = study_tables(simulated), truth_tables(simulated)
    built: Makers = {name: partial(_table, tables.build, found, name) for name in found}
    built |= {f"{name}_miss": partial(_table, tables.missing_cells, found, name) for name in CODED}
    truth: Makers = {
        name.removeprefix("truth/"): partial(_table, tables.build, true, name) for name in true
    }
    source = partial(
        provenance.collect,
        seed=run.seed,
        replicate=run.replicate,
        command=run.command,
        parameters=catalogue().values(),
        overrides=run.scenario.parameters,
    )
    rest: Makers = {"estimands": partial(true_values, simulated), "provenance": source}
    if run.study.errors is not None:
        _spoil(built, truth, rest, run.study.errors, simulated.key)
    held = run._replace(study=simulated.study)
    content = BundleContent(Lazy(built), Lazy(truth), Lazy(rest), *held[:4])
    return Simulation.from_content(content)


def _table(
    make: Callable[[str, Columns], pa.Table], found: Mapping[str, Columns], name: str
) -> pa.Table:
    return make(name, found[name])


def _spoil(built: Makers, truth: Makers, rest: Makers, rates: ErrorRates, key: np.ndarray) -> None:
    """Have the errors that were asked for made with the tables they are put into."""
    from sim.data import tables
    from sim.data.errors.corrupt import corrupted
    from sim.study.lazy import Lazy

    clean: Lazy[pa.Table] = Lazy(dict(built))
    made = cache(lambda: corrupted(clean, rates, key))
    built |= {name: partial(clean.__getitem__, name) for name in clean}
    built["alters"] = lambda: made().alters
    truth["corruption_log"] = lambda: tables.build("truth/corruption_log", made().log)
    rest["as_collected"] = lambda: made().files


def is_compiled() -> bool:
    """Whether the kernel's machine code is at hand, or must first be made (about 30 s)."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return True
    from sim.world.compiled import is_kept

    return is_kept()
