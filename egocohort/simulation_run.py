"""A run of the simulator: from a study and a scenario to the content of a bundle."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from sim.errors import InputError, nearest
from sim.study.error_settings import ErrorRates, errors_in_words, read_errors
from sim.study.how_much_truth import LIVED, TRUTHS, HowMuchTruth
from sim.study.spec import Study, read_study
from sim.world.scenario import Scenario, read_scenario

if TYPE_CHECKING:
    import pyarrow as pa

    from egocohort.results.simulation import Simulation
    from sim.data.place import Which
    from sim.side_by_side import Progress
    from sim.study.columns import Columns
    from sim.study.other_lives import OtherLives
    from sim.study.simulated import SimulatedStudy

__all__ = ["SimulationRun", "carry_out", "draw_seed", "is_compiled", "read_run"]

DRAWN_SEEDS = 2**31  # short enough to read out

TRUTH = "truth/"
LADDER, OTHER_LIVES = "truth/ladder", "truth/counterfactual"
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
    truth
        How much truth is asked for: one of `sim.study.how_much_truth.TRUTHS`.
    """

    study: Study
    scenario: Scenario
    seed: int
    replicate: int | None
    command: tuple[str, ...]
    truth: HowMuchTruth

    def keyed(self, seed: int, replicate: int | None) -> SimulationRun:
        """The same with another key, in its command line too."""
        at = self.command.index("--seed")
        rest = self.command[at + len(_key_words(self.seed, self.replicate)) :]
        command = (*self.command[:at], *_key_words(seed, replicate), *rest)
        return self._replace(seed=seed, replicate=replicate, command=command)

    @property
    def which(self) -> Which:
        """Which bundle it makes."""
        from sim.data.place import Which

        return Which.of_recipes(self.study, self.scenario, self.seed, self.replicate)

    @contextmanager
    def placed(self, out: str | Path | None, *, force: bool) -> Iterator[None]:
        """Hold the bundle's place in `out`; raise now if it could not be put there later."""
        if out is None:
            yield
            return
        from sim.data.place import check_place
        from sim.files.folder import hold_place

        folder = Path(out) / self.which.folder_name
        with hold_place(folder):
            check_place(folder, self.which, force=force)
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
    truth: str = LIVED,
    errors: str | Mapping[str, Any] | None = None,
) -> SimulationRun:
    """Read and check a study and the scenario it is held in.

    Parameters
    ----------
    study, scenario
        Names or paths; without a scenario, the study's own.
    seed, replicate
        The key of the random draws; the replicate is None for a study that is no repetition.
    truth
        How much truth is asked for.
    errors
        Errors in place of the study's own, as `sim.study.error_settings.read_errors` takes them.

    Raises
    ------
    sim.errors.InputError
        Anything wrong with either, or with the two together.
    """
    if truth not in TRUTHS:
        raise InputError(f"truth: must be one of {', '.join(TRUTHS)}{nearest(truth, TRUTHS)}")
    how_much: HowMuchTruth = next(one for one in TRUTHS if one == truth)
    asked = read_study(study)
    if errors is not None:
        asked = asked.with_errors(read_errors(errors))
    if asked.errors:
        from sim.study.conditions import as_held

        asked = as_held(asked)
    if how_much != LIVED:
        from sim.study.other_lives import check_arms

        check_arms(asked, how_much)
    world = read_scenario(scenario if scenario is not None else asked.scenario)
    words = ["egocohort", "simulate", str(study)]
    words += ["--scenario", str(scenario)] if scenario is not None else []
    words += _key_words(seed, replicate)
    words += ["--truth", truth] if truth != LIVED else []
    words += ["--errors", errors_in_words(errors)] if errors is not None else []
    return SimulationRun(asked, world, seed, replicate, tuple(words), how_much)


def _key_words(seed: int, replicate: int | None) -> list[str]:
    repetition = [] if replicate is None else ["--replicate", str(replicate)]
    return ["--seed", str(seed), *repetition]


def carry_out(
    run: SimulationRun,
    *,
    threads: int = 1,
    progress: Progress | None = None,
    only: Collection[str] | None = None,
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
    only
        Names of the tables that there are to be: less is simulated where they need less, and the
        rest of the study is let go of when they are made. By default all.
    """
    from egocohort.results.bundle_content import BundleContent
    from egocohort.results.simulation import Simulation
    from sim.study.lazy import Lazy
    from sim.study.other_lives import live_otherwise
    from sim.study.simulate import simulate_study
    from sim.study.tables import OF_INTERVIEWS

    simulated = simulate_study(
        run.scenario,
        run.study,
        seed=run.seed,
        replicate=run.replicate or 0,
        threads=threads,
        progress=progress,
        interviews_only=(
            only is not None
            and run.study.errors is None  # which are put into all tables together
            and OF_INTERVIEWS.issuperset(map(_coded, only))
        ),
        frame=only is None or LADDER in only,
    )
    asked = run.truth if only is None or OTHER_LIVES in only else LIVED
    other = live_otherwise(simulated, asked, threads=threads, progress=progress)
    makers, rest = _makers(simulated, other), _rest(run)
    if run.study.errors is not None:
        _spoil(makers, rest, run.study.errors, simulated)
    if only is not None:
        makers = {name: make for name, make in makers.items() if name in only}
        rest = {"provenance": rest["provenance"]}  # the others would keep the whole study
    seen = {name: make for name, make in makers.items() if not name.startswith(TRUTH)}
    true = {name.removeprefix(TRUTH): makers[name] for name in makers if name not in seen}
    content = BundleContent(Lazy(seen), Lazy(true), Lazy(rest), *run[:4])
    return Simulation.from_content(content)


def _rest(run: SimulationRun) -> Makers:
    """What makes all that is no table."""
    from sim.data import provenance
    from sim.world.parameters import catalogue

    source = partial(
        provenance.collect,
        seed=run.seed,
        replicate=run.replicate,
        truth=run.truth,
        command=run.command,
        parameters=catalogue().values(),
        overrides=run.scenario.parameters,
    )
    return {"provenance": source}


def _makers(simulated: SimulatedStudy, other: OtherLives | None) -> Makers:
    """By name in the codebook, what makes each table."""
    from sim.data import tables
    from sim.study.tables import study_tables
    from sim.study.truth import truth_tables

    found, true = study_tables(simulated), truth_tables(simulated, other)
    made: Makers = {name: partial(_table, tables.build, found, name) for name in found}
    made |= {f"{name}_miss": partial(_table, tables.missing_cells, found, name) for name in CODED}
    return made | {name: partial(_table, tables.build, true, name) for name in true}


def _coded(name: str) -> str:
    """The table that a list of missing cells is of."""
    return name.removesuffix("_miss")


def _table(
    make: Callable[[str, Columns], pa.Table], found: Mapping[str, Columns], name: str
) -> pa.Table:
    return make(name, found[name])


def _spoil(makers: Makers, rest: Makers, rates: ErrorRates, study: SimulatedStudy) -> None:
    """Have the errors that were asked for made with the tables they are put into."""
    from sim.data import tables
    from sim.data.errors.as_read import sums_as_read
    from sim.data.errors.corrupt import corrupted
    from sim.study.estimands import ladder
    from sim.study.lazy import Lazy

    clean: Lazy[pa.Table] = Lazy(
        {name: make for name, make in makers.items() if not name.startswith(TRUTH)}
    )
    asked = study.study.arm_names, len(study.study.waves.weeks)
    made = cache(lambda: corrupted(clean, rates, study.key))
    makers |= {name: partial(clean.__getitem__, name) for name in clean}
    makers["alters"] = lambda: made().alters
    makers["truth/corruption_log"] = lambda: tables.build("truth/corruption_log", made().log)
    rest["as_collected"] = lambda: made().files
    if (frame := study.frame) is not None:
        makers[LADDER] = lambda: tables.build(
            LADDER, ladder(study, frame, sums_as_read(made().files, *asked))
        )


def is_compiled() -> bool:
    """Whether the kernel's machine code is at hand, or must first be made (about 30 s)."""
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        return True
    from sim.world.compiled import is_kept

    return is_kept()
