"""Recipes of a calibration: TOML files that say what to fit, to what, and in which world.

A recipe names free parameters and targets. Only targets with `use = "calibration"` reach the fit;
the others are set beside what the fitted world shows, and nothing else is done with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, FiniteFloat, model_validator

from analysis.calibration.fixed_point import balanced_paths
from analysis.calibration.statistics import Key, statistic
from sim.study.spec import Study, read_study
from sim.world.ids import names_a_folder
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, read_scenario
from sim.world.shock import STRICT, as_tuple
from sim.world.toml_file import TomlFile, as_path, read_named

__all__ = ["FitRecipe", "Free", "Target", "Use", "read_recipe"]

Use = Literal["calibration", "validation"]


class _RawFree(BaseModel):
    """A `[[free]]` table."""

    model_config = STRICT

    parameter: str
    along: Annotated[tuple[str, ...], BeforeValidator(as_tuple)] = ()
    range: Annotated[
        tuple[FiniteFloat, ...] | None, BeforeValidator(as_tuple), Field(min_length=2, max_length=2)
    ] = None


class _RawTarget(BaseModel):
    """A `[[target]]` table."""

    model_config = STRICT

    statistic: str
    wave: Annotated[int, Field(ge=2)] | None = None
    value: Annotated[FiniteFloat, Field(le=1e4)]
    se: Annotated[FiniteFloat, Field(ge=1e-6, le=1e4)] | None = None
    n: Annotated[int, Field(ge=2, le=1_000_000_000)] | None = None
    use: Use
    source: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _has_an_error(self) -> _RawTarget:
        if (self.se is None) == (self.n is None):
            raise ValueError(
                f"{self.statistic} needs its error: se, or the n it was taken over; one of the two"
            )
        return self


class _RecipeFile(BaseModel):
    """What a file may say."""

    model_config = STRICT

    id: Annotated[str, AfterValidator(names_a_folder)]
    title: str
    note: str = ""
    scenario: str = "usual-care"
    study: str = "founding-study"
    free: Annotated[tuple[_RawFree, ...], BeforeValidator(as_tuple), Field(min_length=1)]
    target: Annotated[tuple[_RawTarget, ...], BeforeValidator(as_tuple)] = ()


@dataclass(frozen=True)
class Free:
    """A parameter to fit.

    Attributes
    ----------
    path : str
    along : tuple of str
        Parameters that keep their proportion to it.
    low, high : float
        Where it may lie; every value there is as likely as any other beforehand.
    start : float
        The value of the scenario.
    """

    path: str
    along: tuple[str, ...]
    low: float
    high: float
    start: float


@dataclass(frozen=True)
class Target:
    """A figure to fit, or to set beside the fitted world.

    Attributes
    ----------
    key : Key
    value : float
    se : float or None
        Standard error; None if it is to be worked out from n.
    n : int or None
        What it was taken over: people, or for shares of ties, ties.
    use : str
        "calibration" or "validation".
    source, note : str
    """

    key: Key
    value: float
    se: float | None
    n: int | None
    use: Use
    source: str
    note: str


@dataclass(frozen=True)
class FitRecipe:
    """A checked recipe.

    Attributes
    ----------
    id, title, note : str
    world : Scenario
    base : str
        How the file names the world's scenario; a path is absolute.
    study : Study
    held_as : str
        How the study is named; a path in the file is absolute.
    free : tuple of Free
    targets : tuple of Target
    """

    id: str
    title: str
    note: str
    world: Scenario
    base: str
    study: Study
    held_as: str
    free: tuple[Free, ...]
    targets: tuple[Target, ...]

    @property
    def aims(self) -> tuple[Target, ...]:
        """The targets of calibration: all that a fit may read."""
        return tuple(one for one in self.targets if one.use == "calibration")


def read_recipe(name_or_path: str | Path, study: str | Path | None = None) -> FitRecipe:
    """Read a recipe by its name or path.

    Parameters
    ----------
    name_or_path
        Of a shipped recipe, or path of a `.toml` file.
    study
        Name or path of the study whose interviews are simulated, in place of the recipe's own.

    Raises
    ------
    InputError
        Anything wrong with the file; the message says where, and what would be right.
    """
    file = read_named(name_or_path, "targets", "there are no targets")
    path = as_path(name_or_path)
    folder = Path() if path is None else path.parent
    said = file.validate(_RecipeFile)
    base = said.scenario
    if as_path(base) is not None:
        base = str((folder / base).resolve())
    world = read_scenario(base)
    if world.shocks:
        file.fail(
            ("scenario",), f'"{said.scenario}" has shocks; fit to a world without, and add them'
        )
    own = said.study if as_path(said.study) is None else str((folder / said.study).resolve())
    held_as = own if study is None else str(study)
    held = read_study(held_as)
    return FitRecipe(
        said.id, said.title, said.note, world, base, held, held_as,
        _free(file, said.free, world), _targets(file, said.target, len(held.waves.weeks)),
    )  # fmt: skip


def _free(file: TomlFile, raw: Sequence[_RawFree], world: Scenario) -> tuple[Free, ...]:
    known, taken, found = catalogue(), set[str](), []
    solved = set(balanced_paths())
    for number, one in enumerate(raw):
        for path in (one.parameter, *one.along):
            place = ("free", number, "parameter" if path == one.parameter else "along")
            known.entry(path, file.where(place))
            if path in solved:
                file.fail(place, f"{path} is solved so that the world stays in balance; leave out")
            if path in taken:
                file.fail(place, f"{path} is free twice")
            taken.add(path)
        entry = known[one.parameter]
        where = file.where(("free", number, "range"))
        low, high = one.range or (entry.low, entry.high)
        for bound in (low, high):
            known.check(one.parameter, bound, where)
        if low >= high:
            file.fail(("free", number, "range"), f"must rise, not {low:g} to {high:g}")
        start = world.parameters.get(one.parameter, entry.value)
        if one.along and start == 0:
            file.fail(("free", number, "along"), f"{one.parameter} is 0: nothing keeps proportion")
        found.append(Free(one.parameter, one.along, low, high, start))
    return tuple(found)


def _targets(file: TomlFile, raw: Sequence[_RawTarget], waves: int) -> tuple[Target, ...]:
    found: dict[Key, Target] = {}
    for number, one in enumerate(raw):
        where = file.where(("target", number, "statistic"))
        what = statistic(one.statistic, where)
        if what.by_wave and (one.wave is None or one.wave > waves):
            file.fail(("target", number, "wave"), f"{one.statistic} needs a wave from 2 to {waves}")
        if not what.by_wave and one.wave is not None:
            file.fail(("target", number, "wave"), f"{one.statistic} is of no wave; leave it out")
        if one.use == "calibration" and one.statistic == "interviewed":
            file.fail(
                ("target", number, "use"),
                "interviewed is a setting of the study, which no parameter of the world moves; "
                'use = "validation"',
            )
        if one.n is not None and one.statistic.startswith("episode."):
            file.fail(("target", number, "n"), f"{one.statistic} needs se: n does not give it")
        inside = 0 < one.value < 1 if what.scale == "share" else one.value > 0
        if not inside:
            between = "between 0 and 1" if what.scale == "share" else "more than 0"
            file.fail(
                ("target", number, "value"), f"{one.value:g} is out of range: must be {between}"
            )
        key = Key(one.statistic, one.wave or 0)
        if key in found:
            file.fail(("target", number, "statistic"), f"{key} is given twice")
        found[key] = Target(key, one.value, one.se, one.n, one.use, one.source, one.note)
    return tuple(found.values())
