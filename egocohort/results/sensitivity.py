"""What `egocohort sensitivity` finds: the parameters that an output depends on, and by how much."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.sensitivity.names import METHODS, OUTPUTS
from egocohort.results.result import Result
from sim.errors import InputError, meant_or_known

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.sensitivity.morris import Screening
    from analysis.sensitivity.plan import Findings
    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress
    from sim.world.parameters import Entry

__all__ = ["Sensitivity", "check_method", "find_sensitivity"]

SHOWN_PARAMETERS = 10
BALANCED = (
    "Births of ties were balanced anew for every draw; what is solved, switches, and what only a "
    "study sees did not vary."
)


@dataclass(frozen=True)
class Sensitivity(Result):
    """What an output of the simulated world depends on: simulated people, not real ones.

    Attributes
    ----------
    findings : analysis.sensitivity.plan.Findings
    seed : int
    """

    findings: Findings
    seed: int

    @property
    def output(self) -> str:
        """Name of the output."""
        return self.findings.output

    @property
    def unit(self) -> str:
        """Unit of the output."""
        return OUTPUTS[self.output][0]

    @property
    def families(self) -> pd.DataFrame:
        """Screening of whole families, the most moving first; empty if there was none."""
        return self._screened(self.findings.families)

    @property
    def parameters(self) -> pd.DataFrame:
        """Screening of parameters one by one, the most moving first; empty if there was none."""
        return self._screened(self.findings.parameters)

    @property
    def shares(self) -> pd.DataFrame:
        """Sobol shares of the output's variance, the largest first; empty if there are none."""
        import pandas as pd

        one = self.findings.shares
        if one is None:
            return pd.DataFrame()
        table = pd.DataFrame(
            {
                "parameter": one.names,
                "total": one.total,
                "total_low": one.total - one.total_reach,
                "total_high": one.total + one.total_reach,
                "first": one.first,
                "first_low": one.first - one.first_reach,
                "first_high": one.first + one.first_reach,
                "noise": one.noise,
                "above_noise": one.above_noise,
            }
        ).iloc[one.order]
        return self._with_facts(table)

    @property
    def table(self) -> pd.DataFrame:
        """Everything in one table, as it is written: `index` says what an estimate is."""
        import pandas as pd

        parts = [
            self._long(self.families, "mu_star of a family"),
            self._long(self.parameters, "mu_star"),
            self._long(self.shares, "total share", "total"),
            self._long(self.shares, "first-order share", "first"),
        ]
        return pd.concat([part for part in parts if len(part)], ignore_index=True)

    def as_data(self) -> dict[str, Any]:
        """The findings as plain data."""
        found = self.findings
        heads = {
            "synthetic": True, "seed": self.seed, "output": self.output, "unit": self.unit,
            "meaning": OUTPUTS[self.output][1], "among": found.space.among,
            "varied": len(found.space.paths), "left_out": found.space.left_out,
            "teams": found.size.teams,
            "shipped": _both(found.shipped), "shipped_at_next_seed": _both(found.elsewhere),
            "families_not_opened": list(found.unopened),
        }  # fmt: skip
        tables = {
            name: getattr(self, name).to_dict("records")
            for name in ("families", "parameters", "shares")
        }
        sd = {} if found.shares is None else {"sd": found.shares.sd}
        return {**heads, **sd, **tables}

    def summary(self) -> str:
        """The report for people: what moves the output, by how much, and what was held."""
        found = self.findings
        (value, error), (other, other_error) = found.shipped, found.elsewhere
        lines = [
            f"{self.output}: {OUTPUTS[self.output][1]} ({self.unit})",
            f"As shipped {value:.4g} (MCSE {error:.2g}); at the next seed {other:.4g} "
            f"({other_error:.2g}). {found.size.teams} teams of 288 at every draw.",
            f"{len(found.space.paths)} parameters varied ({found.space.among}), "
            f"{found.space.left_out} of the same grades left out.",
        ]
        if found.families is not None:
            lines += ["", *_screening_lines("Families", found.families, self.unit, {})]
        if found.parameters is not None:
            facts = {entry.path: _facts(entry) for entry in found.space.entries}
            lines += ["", *_screening_lines("Parameters", found.parameters, self.unit, facts)]
        if found.unopened:
            lines += ["", f"Above noise, but not screened one by one: {', '.join(found.unopened)}"]
        shares = self._share_lines()
        lines += [*(["", *shares] if shares else []), "", BALANCED]
        return "\n".join(lines)

    def _share_lines(self) -> list[str]:
        from egocohort.terminal.output import columns

        one = self.findings.shares
        if one is None:
            tried = self.findings.parameters
            empty = tried is not None and not tried.above_noise.any()
            return ["No parameter moved the output by more than noise."] if empty else []
        head = ("", "total share", "95 %", "by itself", "noise", "")
        cells = [
            (
                one.names[i], f"{one.total[i]:.2f}", f"± {one.total_reach[i]:.2f}",
                f"{one.first[i]:.2f}", f"{one.noise[i]:.2f}",
                "" if one.above_noise[i] else "not told from noise",
            )
            for i in one.order
        ]  # fmt: skip
        said = f"Shares of the variance, when these vary together (SD {one.sd:.3g} {self.unit})"
        return [said, columns([head, *cells], right=(1, 3, 4)), *_lost(one.lost, "base points")]

    @property
    def title(self) -> str:
        """What the answer is."""
        return f"What {self.output} ({self.unit}) depends on, seed {self.seed}"

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`families`, `parameters` and `shares`, each empty if it was not asked for."""
        return {
            "families": self.families, "parameters": self.parameters, "shares": self.shares,
        }  # fmt: skip

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """The last step there was: shares, or else parameters one by one."""
        return ("shares",) if self.findings.shares is not None else ("parameters",)

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """The screening and the shares ("sensitivity")."""
        return {"sensitivity": self._figure}

    def _figure(self) -> Figure:
        from analysis.sensitivity.figures import sensitivity_figure

        return sensitivity_figure(self.findings)

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        """`table`, the picture and the summary."""
        name = f"sensitivity-{self.output}"
        said = f"SYNTHETIC\nseed {self.seed}\n{self.summary()}\n"
        return {f"{name}.csv": self.table, f"{name}.png": self._figure(), f"{name}.txt": said}

    def _screened(self, one: Screening | None) -> pd.DataFrame:
        import pandas as pd

        if one is None:
            return pd.DataFrame()
        table = pd.DataFrame(
            {
                "parameter": one.names,
                "parameters": [len(members) for members in one.members],
                "mu_star": one.mu_star,
                "mu_star_low": one.mu_star - one.reach,
                "mu_star_high": one.mu_star + one.reach,
                "mu": one.mu,
                "sigma": one.sigma,
                "noise": one.noise,
                "above_noise": one.above_noise,
            }
        ).iloc[one.order]
        return self._with_facts(table)

    def _with_facts(self, table: pd.DataFrame) -> pd.DataFrame:
        """The table with what the catalogue says of each parameter; blank for a family."""
        of = {entry.path: entry for entry in self.findings.space.entries}
        known = [of.get(name) for name in table["parameter"]]
        for fact in ("value", "low", "high", "unit", "grade", "source"):
            table[fact] = [None if entry is None else getattr(entry, fact) for entry in known]
        return table.reset_index(drop=True)

    def _long(self, table: pd.DataFrame, index: str, column: str = "mu_star") -> pd.DataFrame:
        if table.empty:
            return table
        renamed = {column: "estimate", f"{column}_low": "low95", f"{column}_high": "high95"}
        kept = ["parameter", "value", "low", "high", "unit", "grade", "source"]
        extra = ["mu", "sigma"] if column == "mu_star" else []
        noise = [] if column == "first" else ["noise", "above_noise"]
        table = table[[*kept, *renamed, *extra, *noise]].rename(columns=renamed)
        unit = self.unit if column == "mu_star" else "share of variance"
        said = {"output": self.output, "index": index, "estimate_unit": unit}
        for place, (name, value) in enumerate(said.items()):
            table.insert(place, name, value)
        return table


def _both(pair: tuple[float, float]) -> dict[str, float]:
    return {"value": pair[0], "mcse": pair[1]}


def _lost(lost: int, what: str) -> list[str]:
    return [f"  left out, as the output did not exist there: {lost} {what}"] if lost else []


def _facts(entry: Entry) -> str:
    """A parameter's grade, shipped value and range, for a line of the report."""
    return f"{entry.grade} {entry.value:g} ({entry.low:.3g} to {entry.high:.3g})"


def _screening_lines(title: str, one: Screening, unit: str, facts: Mapping[str, str]) -> list[str]:
    from egocohort.terminal.output import columns

    head = ("", "", "mu*", "95 %", "noise", "grade, value, range" if facts else "", "")
    cells = [
        (
            one.names[i], "+" if one.mu[i] > 0 else "-" if one.mu[i] < 0 else "",
            f"{one.mu_star[i]:.3g}", f"± {one.reach[i]:.2g}", f"{one.noise[i]:.2g}",
            facts.get(one.names[i], ""), "" if one.above_noise[i] else "not told from noise",
        )
        for i in one.order[:SHOWN_PARAMETERS]
    ]  # fmt: skip
    said = (
        f"{title} that move it most ({int(one.above_noise.sum())} of {len(one.names)} above "
        f"noise); mu* is the change over the whole range, {unit}"
    )
    return [said, columns([head, *cells], right=(2, 4)), *_lost(one.lost, "trajectories")]


def check_method(method: str) -> str:
    """The method itself; an `InputError` with the nearest one if there is none of that name."""
    if method not in METHODS:
        hint = meant_or_known(method, METHODS)
        raise InputError(f'there is no method "{method}"{hint}')
    return method


def find_sensitivity(
    output: str,
    *,
    method: str = "both",
    among: Sequence[str] = ("assumed",),
    quick: bool = False,
    seed: int,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Sensitivity:
    """Find what an output depends on; see `egocohort.sensitivity`. Rows are kept in `out`."""
    check_method(method)
    from analysis.sensitivity.answers import sensitivity_run
    from analysis.sensitivity.plan import QUICK, find_influences, full_size

    found = find_influences(
        output, method=method, among=among, size=QUICK if quick else full_size(output), seed=seed,
        threads=threads, kept=sensitivity_run(out, seed), progress=progress,
    )  # fmt: skip
    return Sensitivity(found, seed)
