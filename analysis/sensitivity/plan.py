"""From four hundred parameters to the few that matter: families, parameters, shares of variance.

1. Morris screening of whole families (`space.family`), where there are more parameters than can be
   screened one by one;
2. Morris screening of the parameters of the families that moved the answer most, the others as
   shipped;
3. Sobol indices of the parameters that moved it most of all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.runs.parameter_space import MIDDLE, Space, choose_space, screened_with
from analysis.runs.run import Run
from analysis.sensitivity.answers import Answers, Ask, MeasuredWorld
from analysis.sensitivity.morris import Screening, screen
from analysis.sensitivity.names import CONTRASTS, known_output
from analysis.sensitivity.outputs import ON_MAPS
from analysis.sensitivity.sobol import Shares, shares
from sim.errors import InputError
from sim.side_by_side import Progress

__all__ = ["FULL", "MOST_SHARED", "QUICK", "Findings", "Size", "find_influences", "full_size"]

MOST_SHARED = 12
"""Parameters whose shares can be asked for without screening first."""


@dataclass(frozen=True)
class Size:
    """How much is simulated.

    Attributes
    ----------
    teams : int
        Of 288 people, at each point.
    trajectories : int
    one_by_one : int
        Most parameters screened by themselves.
    shared : int
        Most parameters whose shares are estimated after screening.
    base : int
        Base points of Sobol indices, a power of two.
    """

    teams: int
    trajectories: int
    one_by_one: int
    shared: int
    base: int


FULL = Size(teams=4, trajectories=10, one_by_one=80, shared=6, base=128)
CONTRAST_TEAMS = 4 * FULL.teams
"""Of outputs that compare worlds. With no more than others have, of the ten parameters that moved
the visits kept under a cutback most three were not told from noise, the first of all among them."""
QUICK = Size(teams=3, trajectories=3, one_by_one=30, shared=3, base=16)


@dataclass(frozen=True)
class Findings:
    """What an output depends on.

    Attributes
    ----------
    output : str
    space : Space
        All that could vary.
    families, parameters : Screening or None
    unopened : tuple of str
        Families above noise whose parameters were not screened one by one.
    shares : Shares or None
    shipped, elsewhere : (value, Monte Carlo standard error)
        The output as shipped, at the seed of the run and, of as many teams, at the next.
    size : Size
    """

    output: str
    space: Space
    families: Screening | None
    parameters: Screening | None
    unopened: tuple[str, ...]
    shares: Shares | None
    shipped: tuple[float, float]
    elsewhere: tuple[float, float]
    size: Size


def full_size(output: str) -> Size:
    """How much is simulated of an output, unless a quick look is asked for."""
    return replace(FULL, teams=CONTRAST_TEAMS) if output in CONTRASTS else FULL


def find_influences(
    output: str,
    *,
    method: str = "both",
    among: Sequence[str] = ("assumed",),
    size: Size = FULL,
    seed: int = 1,
    threads: int = 1,
    kept: Run | None = None,
    progress: Progress | None = None,
) -> Findings:
    """Find what an output depends on.

    Parameters
    ----------
    output : str
        One of `names.OUTPUTS`.
    method : str
        "morris", "sobol" or "both".
    among : sequence of str
        What may vary, as `space.choose_space` takes it.
    size : Size
    threads : int
        Points side by side; the figures do not depend on it.
    kept : Run, optional
        Where answers at points are kept, and taken from if they are there.
    progress : callable, optional
        Called with the stage, the number of its points done, and of all.

    Raises
    ------
    sim.errors.InputError
        An unknown output or parameter, or Sobol indices of more than `MOST_SHARED` unscreened.
    """
    space = choose_space(among, on_maps=known_output(output) in ON_MAPS)
    if method == "sobol" and len(space.paths) > MOST_SHARED:
        raise InputError(
            f"--method sobol: {len(space.paths)} parameters are too many without screening; "
            f"name at most {MOST_SHARED} with --among, or use --method both"
        )
    world = MeasuredWorld([output], size.teams, seed=seed, threads=threads, kept=kept)

    def asking(stage: str) -> Ask:
        return lambda some, points: world.answers(some, points, progress, stage)[0]

    families = parameters = found = None
    unopened: tuple[str, ...] = ()
    chosen = space
    if method != "sobol":
        families, chosen, unopened = _families(space, asking("families"), size, seed)
        parameters = screen(
            chosen, chosen.paths, asking("parameters"), size.trajectories, seed=seed
        )
    if method != "morris":
        few = chosen if parameters is None else _few(chosen, parameters, size.shared)
        found = shares(few, asking("shares"), size.base, seed=seed) if few.paths else None
    middle = np.full((1, len(space.paths)), MIDDLE)
    next_world = MeasuredWorld([output], size.teams, seed=seed + 1, kept=kept)
    here, there = (one.answers(space, middle)[0] for one in (world, next_world))
    return Findings(
        output, space, families, parameters, unopened, found, _only(here), _only(there), size
    )


def _families(
    space: Space, ask: Ask, size: Size, seed: int
) -> tuple[Screening | None, Space, tuple[str, ...]]:
    """Screen families if need be; the parameters to screen next, and the families left shut."""
    if len(space.paths) <= size.one_by_one:
        return None, space, ()
    found = screen(space, _family_names(space), ask, size.trajectories, seed=seed)
    opened: list[str] = []
    shut: list[str] = []
    for at in found.order.tolist():
        members = found.members[at]
        if opened and len(opened) + len(members) > size.one_by_one:
            shut += [found.names[at]] if found.above_noise[at] else []
        elif not opened or found.above_noise[at]:
            opened += members
    return found, space.subset(opened), tuple(shut)


def _family_names(space: Space) -> list[str]:
    """The family of each parameter; its own path where it is the only one."""
    names = [screened_with(entry) for entry in space.entries]
    members = Counter(names)
    pairs = zip(space.paths, names, strict=True)
    return [name if members[name] > 1 else path for path, name in pairs]


def _few(space: Space, found: Screening, most: int) -> Space:
    """The parameters above noise that moved the answer most."""
    first = [at for at in found.order.tolist() if found.above_noise[at]][:most]
    return space.subset([found.names[at] for at in first])


def _only(answers: Answers) -> tuple[float, float]:
    return float(answers.value[0]), float(answers.mcse[0])
