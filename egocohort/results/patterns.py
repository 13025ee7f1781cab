"""What `egocohort patterns` finds: a verdict on every pattern, and whether it was expected."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.patterns.protocol import PROOFS, Verdict
from egocohort.results.result import Result
from sim.sources import HOUSE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from sim.side_by_side import Progress

__all__ = ["PATTERNS", "PatternVerdicts", "find_patterns"]

FULL_RUN = (560, 400)
"""Teams (of 288 people, each with a seed of its own) and studies of 29 of a full run."""
QUICK_RUN = (10, 20)
PATTERNS = "patterns"
FIELDS = ("id", "claim", "kind", "D", "M", "A", "effect", "lo", "hi", "mcse", "n", "v29", "reason")


@dataclass(frozen=True)
class PatternVerdicts(Result):
    """Verdicts on patterns: of simulated people, not real ones.

    Attributes
    ----------
    verdicts : tuple of analysis.patterns.protocol.Verdict
    documented : frozenset of str
        Ids on the list of known failures.
    unsettled : frozenset of str
        Ids of patterns that a quick run is too small to tell from passing; none for a full one.
    of_all : int
        Patterns that the evidence names, with a measure or without.
    teams, studies, seed : int
        What was simulated.
    """

    verdicts: tuple[Verdict, ...]
    documented: frozenset[str]
    unsettled: frozenset[str]
    of_all: int
    teams: int
    studies: int
    seed: int

    @property
    def passing(self) -> int:
        """How many patterns pass."""
        return sum(one.passes for one in self.verdicts)

    @property
    def by_proof(self) -> dict[str, tuple[int, int]]:
        """How many pass, of how many, for each kind of proof there is among them."""
        kinds = {kind: [one for one in self.verdicts if one.kind == kind] for kind in PROOFS}
        return {kind: (sum(one.passes for one in of), len(of)) for kind, of in kinds.items() if of}

    @property
    def as_documented(self) -> bool:
        """Whether each pattern passes or is on the documented list of failures."""
        forgiven = self.documented | self.unsettled
        return all(one.passes or one.id in forgiven for one in self.verdicts)

    @property
    def table(self) -> pd.DataFrame:
        """One row per pattern."""
        import pandas as pd

        return pd.DataFrame([self._row(one) for one in self.verdicts])

    def as_data(self) -> dict[str, Any]:
        """The verdicts as plain data; `patterns` is the list."""
        entries = [
            {
                **self._row(one),
                "measures": {
                    name: {"value": m.value, "mcse": m.mcse, "lo": m.low, "hi": m.high, "n": m.n}
                    for name, m in one.measures.items()
                },
                "switched_off": one.off_effect,
            }
            for one in self.verdicts
        ]
        return {
            "synthetic": True, "seed": self.seed, "teams": self.teams, "studies": self.studies,
            "passing": self.passing, "measured": len(self.verdicts), "of_all": self.of_all,
            "by_proof": {kind: {"passing": passing, "measured": measured}
                         for kind, (passing, measured) in self.by_proof.items()},
            "as_documented": self.as_documented, "patterns": entries,
        }  # fmt: skip

    def _row(self, one: Verdict) -> dict[str, Any]:
        plain = {name: getattr(one, name) for name in FIELDS}
        return {**plain, "passes": one.passes, "documented": one.id in self.documented}

    def summary(self) -> str:
        """The table for people, and in the last line how many pass, by kind of proof."""
        from egocohort.terminal.output import columns

        head = ("", "claim", "proof", "effect", "95 % interval", "D", "M", "A", "V29", "")
        lines = [head, *(self._cells(one) for one in self.verdicts)]
        text = columns(lines, right=(3,))
        why = [f"  {one.id}: {one.reason}" for one in self.verdicts if not one.passes]
        said = (
            f"{self.passing} of {len(self.verdicts)} pass ({self._apart()}); "
            f"{len(self.verdicts)} of {self.of_all} patterns were measured"
        )
        return "\n".join([text, "", *(["Why not:", *why, ""] if why else []), said])

    def _cells(self, one: Verdict) -> tuple[str, ...]:
        known = "known to fail" if one.id in self.documented else "FAILS"
        known = "too few teams" if one.id in self.unsettled else known
        v29 = "" if one.v29 is None else f"{one.v29:.2f}"
        return (
            one.id, one.claim, one.kind, f"{one.effect:.3g}", f"{one.lo:.3g} to {one.hi:.3g}",
            _sign(one.D), _sign(one.M), _sign(one.A), v29, "passes" if one.passes else known,
        )  # fmt: skip

    @property
    def title(self) -> str:
        """What was measured, in how many teams."""
        return f"Patterns in {self.teams} teams, seed {self.seed}"

    @property
    def headline(self) -> str:
        """How many pass."""
        return f"{self.passing} of {len(self.verdicts)} pass: {self._apart()}"

    def _apart(self) -> str:
        """How many pass of each kind of proof, in words."""
        return ", ".join(f"{kind} {hits} of {of}" for kind, (hits, of) in self.by_proof.items())

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """`patterns`: one row per pattern."""
        return {"patterns": self.table}

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """Every leading contrast, in units of its own size, with its interval ("patterns")."""
        return {"patterns": self._figure}

    def _figure(self) -> Figure:
        from analysis.patterns.figure import patterns_figure

        return patterns_figure(self.verdicts)


def _sign(held: bool | None) -> str:
    return "–" if held is None else ("yes" if held else "no")


def find_patterns(
    ids: Sequence[str] = (),
    *,
    quick: bool = False,
    seed: int,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> PatternVerdicts:
    """Measure patterns and judge them; see `egocohort.patterns`. Rows are kept in `out`."""
    from analysis.patterns.catalogue import OF_ALL, choose, known_failures
    from analysis.patterns.run import verdicts
    from analysis.runs.run import job_run

    chosen = choose(ids)
    teams, studies = QUICK_RUN if quick else FULL_RUN
    kept = job_run(out, PATTERNS, HOUSE / "analysis" / "patterns", seed=seed)
    found = verdicts(
        chosen, teams, studies, seed=seed, threads=threads, kept=kept, progress=progress
    )
    known = frozenset(known_failures())
    small = frozenset(one.id for one in found if quick and not (one.passes or one.refuted))
    return PatternVerdicts(tuple(found), known, small - known, OF_ALL, teams, studies, seed)
