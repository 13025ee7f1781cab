"""What `egocohort sensitivity --band` finds: which statements survive what is assumed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.figures.axes import BAR
from analysis.sensitivity.names import OUTPUTS
from egocohort.results.result import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.sensitivity.band import Band, Flip
    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = ["IgnoranceBand", "find_band"]

FULL_BAND = (240, 12)
"""Joint draws, and teams of 288 behind every contrast."""
QUICK_BAND = (48, 4)
SHOWN_FLIPS = 4


@dataclass(frozen=True)
class IgnoranceBand(Result):
    """How headline statements fare over joint draws of all that is assumed: simulated people.

    Attributes
    ----------
    band : analysis.sensitivity.band.Band
    seed : int
    """

    band: Band
    seed: int

    @property
    def statements(self) -> pd.DataFrame:
        """One row per statement: shares of draws with the sign claimed, decided or not."""
        import pandas as pd

        rows = []
        for name, one in self.band.held.items():
            plain = {key: value for key, value in asdict(one).items() if key != "statement"}
            said = {
                "id": name, "statement": one.statement.text, "output": one.statement.output,
                "unit": OUTPUTS[one.statement.output][0],
                "claimed_sign": "+" if one.statement.sign > 0 else "-",
            }  # fmt: skip
            rows.append({**said, **plain, "teams": self.band.teams})
        return pd.DataFrame(rows)

    @property
    def flips(self) -> pd.DataFrame:
        """One row per statement and parameter, the most certain slope of each first."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"id": name, **asdict(one), "certain": one.certain}
                for name, flips in self.band.flips.items()
                for one in flips
            ]
        )

    @property
    def draws(self) -> pd.DataFrame:
        """One row per draw: the contrast of each statement and its Monte Carlo error."""
        import pandas as pd

        columns: dict[str, Any] = {"draw": range(len(self.band.points))}
        for name, answers in self.band.contrasts.items():
            columns |= {name: answers.value, f"{name}_mcse": answers.mcse}
        return pd.DataFrame(columns)

    def as_data(self) -> dict[str, Any]:
        """The band as plain data; of the parameters, those certain and the first few."""
        statements = self.statements.to_dict("records")
        for row in statements:
            flips = self.band.flips[row["id"]]
            row["moved_by"] = [asdict(one) | {"certain": one.certain} for one in _told(flips)]
        space = self.band.space
        return {
            "synthetic": True, "seed": self.seed, "draws": len(self.band.points),
            "teams": self.band.teams, "among": space.among, "varied": len(space.paths),
            "left_out": space.left_out, "statements": statements,
        }  # fmt: skip

    def summary(self) -> str:
        """The report for people."""
        from egocohort.terminal.output import columns

        space = self.band.space
        head = (
            "", "agree", "95 %", "corrected", "for", "undecided", "against",
            "near the losses of B16", "as shipped",
        )  # fmt: skip
        cells = [
            (
                one.statement.text, f"{one.share:.2f}", f"{one.low:.2f} to {one.high:.2f}",
                f"{one.corrected:.2f}", str(one.decided_for), str(one.undecided),
                str(one.decided_against), f"{one.near_share:.2f} of {one.near}",
                f"{one.shipped:.3g} ± {BAR * one.shipped_mcse:.1g} "
                f"{OUTPUTS[one.statement.output][0]}",
            )
            for one in self.band.held.values()
        ]  # fmt: skip
        lines = [
            f"{len(self.band.points)} joint draws of {len(space.paths)} parameters "
            f"({space.among}; {space.left_out} of the same grades left out), "
            f"{self.band.teams} teams each",
            "",
            columns([head, *cells], right=(1, 3, 4, 5, 6, 7)),
            "",
            "What moves each contrast, lowest to highest value "
            "(+ strengthens the statement; intervals hold for all parameters together):",
        ]
        for name, flips in self.band.flips.items():
            lines += ["", f"  {self.band.held[name].statement.text}", *_flip_lines(flips)]
        undefined = {
            one.statement.text: one.undefined for one in self.band.held.values() if one.undefined
        }
        lines += ["", *(f"Draws without a contrast: {n} ({text})" for text, n in undefined.items())]
        return "\n".join(lines).rstrip()

    @property
    def title(self) -> str:
        """How much was drawn."""
        return f"Headline statements over {len(self.band.points)} joint draws, seed {self.seed}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`statements`, `flips` (what moves each), and `draws`."""
        return {"statements": self.statements, "flips": self.flips, "draws": self.draws}

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """The statements; what moves them is drawn."""
        return ("statements",)

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """How each statement fared, and what moves it ("ignorance")."""
        return {"ignorance": self._figure}

    def _figure(self) -> Figure:
        from analysis.sensitivity.figures import band_figure

        return band_figure(self.band)

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        return {
            "ignorance.csv": self.statements,
            "ignorance-flips.csv": self.flips.groupby("id", sort=False).head(20),
            "ignorance-draws.csv": self.draws,
            "ignorance.png": self._figure(),
        }


def _told(flips: Sequence[Flip]) -> list[Flip]:
    """Those that are certain, and the first few in any case."""
    return [one for at, one in enumerate(flips) if one.certain or at < SHOWN_FLIPS]


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
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> IgnoranceBand:
    """Draw everything assumed together; see `egocohort.sensitivity_band`. `out` keeps rows."""
    from analysis.sensitivity.answers import sensitivity_run
    from analysis.sensitivity.band import ignorance

    draws, teams = QUICK_BAND if quick else FULL_BAND
    found = ignorance(
        draws, teams, among=among, seed=seed, threads=threads, kept=sensitivity_run(out, seed),
        progress=progress,
    )  # fmt: skip
    return IgnoranceBand(found, seed)
