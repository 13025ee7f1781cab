"""What `egocohort calibrate` finds: fitted parameters, what they predict, what stays unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.calibration.identified import learned
from egocohort.results.plain import plain_rows
from egocohort.results.result import Result
from sim.sources import HOUSE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.calibration.fit import Fit
    from analysis.calibration.pilot import Pilot
    from analysis.calibration.targets import FitRecipe
    from egocohort.results.files import FileContent
    from egocohort.results.pilot_reading import PilotReading
    from sim.side_by_side import Progress

__all__ = ["CALIBRATION", "Calibration", "Request", "read_request", "statistics_text"]

CALIBRATION = "calibration"
MAKES_ROWS = HOUSE / "analysis" / "calibration" / "kept_cohorts.py"


@dataclass(frozen=True)
class Calibration(Result):
    """A world fitted to figures: of simulated people, not real ones.

    Attributes
    ----------
    fit : analysis.calibration.fit.Fit
    reading : egocohort.results.pilot_reading.PilotReading or None
        What was read of the pilot.
    quick : bool
        Whether little was simulated; the intervals are rough then.
    """

    fit: Fit
    reading: PilotReading | None = None
    quick: bool = False

    @property
    def pilot(self) -> Pilot | None:
        """The pilot's figures, if there is a pilot."""
        return None if self.reading is None else self.reading.pilot

    @cached_property
    def parameters(self) -> pd.DataFrame:
        """One row for each parameter of the overlay: free, in proportion, or solved."""
        import pandas as pd

        return pd.DataFrame([*self._free_rows(), *self._other_rows()])

    @cached_property
    def predictive(self) -> pd.DataFrame:
        """One row for each target: its error, the simulated figure, 90 % predictive interval."""
        import pandas as pd

        fit = self.fit
        rows = [
            {
                "statistic": one.key.name, "wave": one.key.wave or None, "use": one.use,
                "target": one.value, "target_se": float(fit.target_se[k]), "source": one.source,
                "simulated": float(fit.simulated[k]), "mcse": float(fit.simulated_se[k]),
                "lo": float(fit.predicted_low[k]), "hi": float(fit.predicted_high[k]),
                "inside": bool(fit.predicted_low[k] <= one.value <= fit.predicted_high[k]),
                "surface_error": float(fit.surface_error[k]),
            }
            for k, one in enumerate(fit.targets)
        ]  # fmt: skip
        return pd.DataFrame(rows).astype({"wave": "Int64"})

    @property
    def unmet(self) -> tuple[str, ...]:
        """Why the fitted world is not one to use as it is; empty if nothing speaks against it."""
        fit = self.fit
        missed = [
            (f"{one.key} is {one.value:.3g}, and the fitted world would show "
             f"{fit.predicted_low[k]:.3g} to {fit.predicted_high[k]:.3g}")
            for k, one in enumerate(fit.targets)
            if one.use == "calibration"
            and not fit.predicted_low[k] <= one.value <= fit.predicted_high[k]
        ]  # fmt: skip
        bound = [
            f"{one.path} sits at the {one.bound} value of its range ({fit.best[k]:.3g})"
            for k, one in enumerate(learned(fit))
            if one.bound
        ]
        return (*missed, *bound)

    @property
    def not_identified(self) -> dict[str, str]:
        """Parameters of which next to nothing was learned, and why."""
        return {one.path: one.reason for one in learned(self.fit) if not one.identified}

    def _free_rows(self) -> list[dict[str, Any]]:
        from sim.world.parameters import catalogue

        fit, rows = self.fit, []
        for k, (one, known) in enumerate(zip(fit.recipe.free, learned(fit), strict=True)):
            rows.append(
                {
                    "parameter": one.path, "role": "free", "value": float(fit.best[k]),
                    "lo": float(fit.low[k]), "hi": float(fit.high[k]), "grade": "fitted",
                    "unit": catalogue()[one.path].unit, "range_lo": one.low, "range_hi": one.high,
                    "before": one.start, "identified": known.identified, "reason": known.reason,
                    "edge": known.edge,
                    "simulation_se": float(fit.simulation_se[k]),
                }
            )  # fmt: skip
        return rows

    def _other_rows(self) -> list[dict[str, Any]]:
        from sim.world.parameters import catalogue

        fit, own = self.fit, {one.path for one in self.fit.recipe.free}
        along = {path: v for path, v in fit.expanded.items() if path not in own}
        both = ((along, "in proportion"), (fit.solved, "solved"))
        usual = fit.recipe.world.parameters
        return [
            {
                "parameter": path, "role": role, "value": value, "grade": "fitted",
                "unit": catalogue()[path].unit, "before": usual.get(path, catalogue()[path].value),
            }
            for values, role in both
            for path, value in values.items()
        ]  # fmt: skip

    def as_data(self) -> dict[str, Any]:
        """The fit as plain data."""
        fit = self.fit
        pilot = None
        if self.pilot is not None:
            said = asdict(self.pilot)
            pilot = {name: said[name] for name in ("people", "waves", "weeks", "retention")}
            pilot["held_back"] = list(self.pilot.held_back)
            pilot["notes"] = list(self.pilot.notes)
        return {
            "synthetic": True, "recipe": fit.recipe.id, "seed": fit.seed, "quick": self.quick,
            "cohorts": fit.cohorts, "pilot": pilot, "not_identified": self.not_identified,
            "unmet": list(self.unmet),
            "parameters": _plain(self.parameters), "predictive": _plain(self.predictive),
        }  # fmt: skip

    def summary(self) -> str:
        """What a person wants to know: parameters, targets, and what stays unknown."""
        from egocohort.terminal.output import columns

        head = ("parameter", "before", "fitted", "90 % interval", "")
        lines = [head]
        for row in self._free_rows():
            said = "" if row["identified"] else "not identified"
            if row["identified"] and row["edge"]:
                said = f"reaches the {row['edge']} value of its range"
            between = f"{row['lo']:.3g} to {row['hi']:.3g}"
            lines.append(
                (row["parameter"], f"{row['before']:.3g}", f"{row['value']:.3g}", between, said)
            )
        parts = [columns(lines, right=(1, 2, 3)), "", self._predictive_text()]
        unknown = [f"  {path}: {why}" for path, why in self.not_identified.items()]
        parts += ["", "Not identified by these targets:", *unknown] if unknown else []
        parts += ["", *self._pilot_lines()] if self.pilot is not None else []
        if self.unmet:
            parts += ["", "Not met:", *(f"  {one}" for one in self.unmet)]
        if self.quick:
            parts += ["", "Quick run: intervals are rough. Leave out --quick for a full one."]
        return "\n".join(parts)

    def _predictive_text(self) -> str:
        from egocohort.terminal.output import columns

        lines = [("target", "value", "(SE)", "simulated", "90 % predictive", "")]
        for row, one in zip(self.predictive.to_dict("records"), self.fit.targets, strict=True):
            said = "" if one.use == "calibration" else "not fitted to"
            said += "" if row["inside"] else " OUTSIDE"
            between = f"{row['lo']:.3g} to {row['hi']:.3g}"
            lines.append((
                str(one.key), f"{row['target']:.3g}", f"({row['target_se']:.2g})",
                f"{row['simulated']:.3g}", between, said.strip(),
            ))  # fmt: skip
        return columns(lines, right=(1, 2, 3, 4))

    def _pilot_lines(self) -> list[str]:
        assert self.pilot is not None  # noqa: S101  # asked before
        lines = [f"Pilot: {self.pilot.people} people, {self.pilot.waves} waves."]
        lines += [f"Read with care: {note}." for note in self.pilot.notes]
        if self.pilot.held_back:
            lines.append(
                "Neither shown nor used, for fewer than five people: "
                + "; ".join(self.pilot.held_back)
            )
        return lines

    @property
    def title(self) -> str:
        """What was fitted to."""
        return f"A world fitted to {self.fit.recipe.id}, seed {self.fit.seed}"

    @property
    def headline(self) -> str:
        """How many of the free parameters were identified."""
        free = len(self.fit.recipe.free)
        return f"{free - len(self.not_identified)} of {free} free parameters identified"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`fitted`: the parameters; `predictive`: every target beside the fitted world."""
        return {"fitted": self.parameters, "predictive": self.predictive}

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Targets beside the fitted world, and what was learned of each ("predictive")."""
        return {"predictive": self._figure}

    def _figure(self) -> Figure:
        from analysis.calibration.figure import predictive_figure

        return predictive_figure(self.fit)

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        """The scenario, tables, picture; for a pilot also study.toml and what was read of it."""
        from analysis.calibration.overlay import overlay_text

        contents = {
            "scenario.toml": overlay_text(self.fit, out, self.unmet),
            **super()._contents(out),
        }
        if self.reading is not None:
            contents["study.toml"] = self.fit.recipe.study.to_toml()
            contents |= self.reading.files()
        return contents


def _plain(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows without the cells that say nothing."""
    return [
        {name: value for name, value in row.items() if value is not None}
        for row in plain_rows(table)
    ]


def statistics_text() -> str:
    """What targets can be of, for people."""
    from analysis.calibration.statistics import STATISTICS
    from egocohort.terminal.output import columns

    head = ("statistic", "wave", "what it is")
    rows = [(k, "yes" if s.by_wave else "", s.meaning) for k, s in STATISTICS.items()]
    return columns([head, *rows])


@dataclass(frozen=True)
class Request:
    """What is to be fitted, read and checked.

    Attributes
    ----------
    recipe : analysis.calibration.targets.FitRecipe
        With the pilot's targets, if there is a pilot.
    reading : egocohort.results.pilot_reading.PilotReading or None
        What was read of the pilot.
    """

    recipe: FitRecipe
    reading: PilotReading | None

    def fit(
        self,
        *,
        quick: bool = False,
        seed: int,
        threads: int = 1,
        out: str | Path | None = None,
        progress: Progress | None = None,
    ) -> Calibration:
        """Fit it; see `egocohort.calibrate`. Cohorts are kept in `out`."""
        from analysis.calibration import fit as fitting
        from analysis.runs.run import job_run

        effort = fitting.QUICK_FIT if quick else fitting.FULL_FIT
        found = fitting.fit(
            self.recipe, seed=seed, effort=effort, threads=threads,
            kept=job_run(out, CALIBRATION, MAKES_ROWS, seed=seed), progress=progress,
        )  # fmt: skip
        return Calibration(found, self.reading, quick)


def read_request(
    targets: str | Path | None = None,
    *,
    pilot: str | Path | None = None,
    map_file: str | Path | None = None,
    study: str | Path | None = None,
) -> Request:
    """Read targets and pilot; see `egocohort.calibrate`.

    Raises
    ------
    sim.errors.InputError
        Anything wrong with either, or nothing to fit to.
    """
    from analysis.calibration.like import fitted_to
    from analysis.calibration.targets import read_recipe
    from egocohort.results.pilot_reading import read_folder
    from sim.errors import InputError

    if targets is None and pilot is None:
        raise InputError("nothing to fit to: give a file of targets, or --pilot FOLDER")
    if pilot is None and map_file is not None:
        raise InputError("--map says what a pilot's columns are; give its folder, --pilot FOLDER")
    recipe = read_recipe("pilot" if targets is None else targets, study)
    reading = None if pilot is None else read_folder(pilot, map_file)
    if reading is not None:
        if reading.pilot is None:
            raise InputError(reading.too_little)
        recipe = fitted_to(recipe, reading.pilot)
    if not recipe.aims:
        raise InputError(f'{recipe.id}: has no target with use = "calibration"')
    return Request(recipe, reading)
