"""What `egocohort sensitivity --band` finds: which statements survive what is assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.sensitivity.names import OUTPUTS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.sensitivity.band import Band, Flip
    from sim.side_by_side import Progress

__all__ = ["FULL", "QUICK", "IgnoranceBand", "find_band"]

FULL = (240, 12)
"""Joint draws, and teams of 288 behind every contrast."""
QUICK = (48, 4)
SHOWN = 4


@dataclass(frozen=True)
class IgnoranceBand:
    """How headline statements fare over joint draws of all that is assumed: simulated people.

    Attributes
    ----------
    found : analysis.sensitivity.band.Band
    seed : int
    """

    found: Band
    seed: int

    @property
    def statements(self) -> pd.DataFrame:
        """One row per statement: shares of draws with the sign claimed, decided or not."""
        import pandas as pd

        rows = []
        for name, one in self.found.held.items():
            plain = {key: value for key, value in asdict(one).items() if key != "statement"}
            said = {
                "id": name, "statement": one.statement.text, "output": one.statement.output,
                "unit": OUTPUTS[one.statement.output][0],
                "claimed_sign": "+" if one.statement.sign > 0 else "-",
            }  # fmt: skip
            rows.append({**said, **plain, "teams": self.found.teams})
        return pd.DataFrame(rows)

    @property
    def flips(self) -> pd.DataFrame:
        """One row per statement and parameter, the most certain slope of each first."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"id": name, **asdict(one), "certain": one.certain}
                for name, flips in self.found.flips.items()
                for one in flips
            ]
        )

    @property
    def draws(self) -> pd.DataFrame:
        """One row per draw: the contrast of each statement and its Monte Carlo error."""
        import pandas as pd

        columns: dict[str, Any] = {"draw": range(len(self.found.points))}
        for name, answers in self.found.contrasts.items():
            columns |= {name: answers.value, f"{name}_mcse": answers.mcse}
        return pd.DataFrame(columns)

    def as_data(self) -> dict[str, Any]:
        """The band as plain data; of the parameters, those certain and the first few."""
        statements = self.statements.to_dict("records")
        for row in statements:
            flips = self.found.flips[row["id"]]
            row["moved_by"] = [asdict(one) | {"certain": one.certain} for one in _told(flips)]
        space = self.found.space
        return {
            "synthetic": True, "seed": self.seed, "draws": len(self.found.points),
            "teams": self.found.teams, "among": space.among, "varied": len(space.paths),
            "left_out": space.left_out, "statements": statements,
        }  # fmt: skip

    def summary(self) -> str:
        """The report for people."""
        from egocohort.terminal.output import columns

        space = self.found.space
        head = (
            "", "agree", "95 %", "corrected", "for", "undecided", "against", "near the evidence",
            "as shipped",
        )  # fmt: skip
        cells = [
            (
                one.statement.text, f"{one.share:.2f}", f"{one.low:.2f} to {one.high:.2f}",
                f"{one.corrected:.2f}", str(one.decided_for), str(one.undecided),
                str(one.decided_against), f"{one.near_share:.2f} of {one.near}",
                f"{one.shipped:.3g} ± {1.96 * one.shipped_mcse:.1g} "
                f"{OUTPUTS[one.statement.output][0]}",
            )
            for one in self.found.held.values()
        ]  # fmt: skip
        lines = [
            f"{len(self.found.points)} joint draws of {len(space.paths)} parameters "
            f"({space.among}; {space.left_out} of the same grades left out), "
            f"{self.found.teams} teams each",
            "",
            columns([head, *cells], right=(1, 3, 4, 5, 6, 7)),
            "",
            "What moves each contrast, lowest to highest value "
            "(+ strengthens the statement; intervals hold for all parameters together):",
        ]
        for name, flips in self.found.flips.items():
            lines += ["", f"  {self.found.held[name].statement.text}", *_flip_lines(flips)]
        undefined = {
            one.statement.text: one.undefined for one in self.found.held.values() if one.undefined
        }
        lines += ["", *(f"Draws without a contrast: {n} ({text})" for text, n in undefined.items())]
        return "\n".join(lines).rstrip()

    def plot(self) -> Figure:
        """Draw how each statement fared, and what moves it."""
        from analysis.sensitivity.figures import band_figure

        return band_figure(self.found)

    def save(self, out: str | Path) -> list[Path]:
        """Write ignorance.csv, ignorance-flips.csv, ignorance-draws.csv and ignorance.png.

        Raises
        ------
        sim.errors.RunError
            If the disk is full or cannot be written.
        """
        from egocohort.results.files import write_files

        contents = {
            "ignorance.csv": self.statements,
            "ignorance-flips.csv": self.flips.groupby("id", sort=False).head(20),
            "ignorance-draws.csv": self.draws,
            "ignorance.png": self.plot(),
        }
        return write_files(out, contents)

    def _repr_html_(self) -> str:
        return self.statements.to_html(index=False)


def _told(flips: Sequence[Flip]) -> list[Flip]:
    """Those that are certain, and the first few in any case."""
    return [one for at, one in enumerate(flips) if one.certain or at < SHOWN]


def _flip_lines(flips: Sequence[Flip]) -> list[str]:
    from egocohort.terminal.output import columns

    certain = [one for one in flips if one.certain]
    if not certain:
        return ["    none that these draws can tell from chance"]
    cells = [
        (one.path, f"{one.slope:+.3g}", f"{one.low:.3g} to {one.high:.3g}") for one in certain[:8]
    ]
    return [columns(cells, right=(1,), indent=4)]


def find_band(
    *,
    among: Sequence[str] = ("assumed",),
    quick: bool = False,
    seed: int,
    threads: int = 1,
    progress: Progress | None = None,
) -> IgnoranceBand:
    """Draw everything assumed together; see `egocohort.sensitivity_band`."""
    from analysis.sensitivity.band import ignorance

    draws, teams = QUICK if quick else FULL
    found = ignorance(draws, teams, among=among, seed=seed, threads=threads, progress=progress)
    return IgnoranceBand(found, seed)
