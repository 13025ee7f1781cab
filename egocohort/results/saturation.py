"""What `egocohort saturation` finds: codes seen, rules that stop, numbers of people."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.saturation.coreq import coreq
from analysis.saturation.estimates import Estimate
from analysis.saturation.kept import saturation_run
from analysis.saturation.result import SaturationResult, saturate
from analysis.saturation.words import saturation_in_words
from egocohort.results.protocol_file import flow_file, protocol_file
from egocohort.results.result import Result
from sim.study.spec import read_study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from analysis.planning.report.protocol.document import Protocol
    from egocohort.results.files import FileContent
    from sim.side_by_side import Progress

__all__ = ["SaturationStudy", "find_saturation"]


@dataclass(frozen=True)
class SaturationStudy(Result):
    """A study of codes: simulated, and no evidence about patients.

    Attributes
    ----------
    result : analysis.saturation.result.SaturationResult
    """

    result: SaturationResult

    @property
    def title(self) -> str:
        """Of which study."""
        return f"Saturation of {self.result.study.id}, seed {self.result.seed}"

    @property
    def headline(self) -> str:
        """The sentence for the report (COREQ)."""
        return coreq(self.result)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """By the stem of their files."""
        return {
            "codes": self.codes, "codes_by_wave": self.by_wave, "codes_together": self.pairs,
            "discovery": self.curve, "rules": self.rules,
        }  # fmt: skip

    @property
    def shown_tables(self) -> tuple[str, ...]:
        """The codes and the rules."""
        return "codes", "rules"

    @property
    def pictures(self) -> Mapping[str, Callable[[], Figure]]:
        """The discovery curve, and when the rules stop ("saturation")."""
        return {"saturation": self._figure}

    def _figure(self) -> Figure:
        from analysis.saturation.figure import saturation_figure

        return saturation_figure(self.result)

    def protocol(self) -> str:
        """Text for the protocol and the report, as Markdown.

        That of the plan with a section on saturation where the study has a `[plan]`, the section
        alone where it has none.
        """
        texts = self._texts()
        if texts is not None:
            return texts.markdown
        from analysis.saturation.coreq import coreq_markdown

        return coreq_markdown(self.result)

    def _texts(self) -> Protocol | None:
        """The texts of the plan with a section on saturation; None without a plan."""
        from functools import partial

        from analysis.planning.found import point_of
        from analysis.planning.report.protocol.document import protocol_of
        from analysis.saturation.coreq import saturation_section

        plan = self.result.plan
        if plan is None or point_of(plan) is None:
            return None
        return protocol_of(plan, [partial(saturation_section, self.result)])

    @property
    def n(self) -> int | None:
        """People for every frequent code; None if more than were simulated."""
        return self.result.every_code.n

    @property
    def codes(self) -> pd.DataFrame:
        """One row per code: prevalence, what can be told of it, chance that it is seen."""
        import pandas as pd

        return pd.DataFrame(self._codes())

    @property
    def by_wave(self) -> pd.DataFrame:
        """One row per code and wave: among all enrolled and among those interviewed."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "code": one.code, "week": one.week,
                    **_two("among_all", one.among_all),
                    **_two("among_interviewed", one.among_interviewed),
                    **_two("difference", one.difference),
                }
                for one in self.result.by_wave
            ]
        )  # fmt: skip

    @property
    def pairs(self) -> pd.DataFrame:
        """One row per pair of codes: how often they go together."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "first": one.first, "second": one.second, **_two("both", one.both),
                    "both_if_independent": one.if_independent, "phi": one.phi,
                }
                for one in self.result.pairs
            ],
            columns=["first", "second", "both", "both_mcse", "both_if_independent", "phi"],
        )  # fmt: skip

    @property
    def curve(self) -> pd.DataFrame:
        """One row per number of people."""
        import pandas as pd

        return pd.DataFrame({"n" if name == "people" else name: values
                             for name, values in vars(self.result.curve).items()})  # fmt: skip

    @property
    def rules(self) -> pd.DataFrame:
        """One row per stopping rule: its operating characteristics."""
        import pandas as pd

        return pd.DataFrame(self._rules())

    def _codes(self) -> list[dict[str, Any]]:
        rows = []
        for row in self.result.codes:
            at: dict[str, float] = {}
            for n, simulated, exact in row.at:
                at |= {**_two(f"seen_at_{n}", simulated), f"closed_form_at_{n}": exact}
            rows.append(
                {
                    "code": row.code.name,
                    "counts": row.code.counts,
                    "patterns": " ".join(row.code.patterns),
                    "stated": row.code.prevalence is not None,
                    "detection": row.code.detection,
                    **_two("prevalence", row.prevalence),
                    **_two("within_reach", row.within_reach),
                    **_two("seen_in_a_person", row.per_person),
                    **at,
                    "people_needed": row.needed,
                }
            )
        return rows

    def _rules(self) -> list[dict[str, Any]]:
        rows = []
        for one in self.result.rules:
            row = {
                **one.rule.model_dump(),
                **_two("stops", one.stops),
                **_two("people", one.people),
            }
            row |= dict(zip(("people_05", "people_50", "people_95"), one.people_at, strict=True))
            row |= _two("share", one.share)
            row |= dict(zip(("share_05", "share_50", "share_95"), one.share_at, strict=True))
            row |= {**_two("too_early", one.too_early), **_two("said_seen", one.said_seen)}
            rows.append({**row, **_two("said_coverage", one.said_coverage)})
        return rows

    def as_data(self) -> dict[str, Any]:
        """Everything as plain data."""
        result = self.result
        plan = result.plan.found if result.plan is not None else None
        return {
            "synthetic": True,
            "study": result.study.id,
            "seed": result.seed,
            "studies": result.replicates,
            "world_simulated": result.simulated,
            "n": self.n,
            "every_code": {
                "prevalence_above": result.asked.prevalence_above, "codes": [*result.frequent],
                "chance": result.asked.chance, **asdict(result.every_code),
            },
            "share_wanted": {"share": result.asked.share_wanted, **asdict(result.share)},
            "plan": plan and {"answer": plan.answer, "lo": plan.low, "hi": plan.high,
                              "edge": plan.edge},
            "both_strands": result.for_both,
            "codes": self._codes(),
            "rules": self._rules(),
            "curve": self.curve.to_dict(orient="records"),
            "by_wave": self.by_wave.to_dict(orient="records"),
            "coreq": coreq(result),
            "notes": [*result.notes],
        }  # fmt: skip

    def summary(self) -> str:
        """The findings in words and tables."""
        return saturation_in_words(self.result)

    def _contents(self, out: Path) -> Mapping[str, FileContent]:
        """Tables, the picture and the protocol; with a `[plan]`, flow.png belongs to it."""
        contents = {**super()._contents(out), **protocol_file(out, self.protocol())}
        texts = self._texts()
        return contents if texts is None else {**contents, **flow_file(texts)}


def find_saturation(
    study: str | Path,
    *,
    seed: int,
    sizes: Sequence[int] = (),
    replicates: int = 500,
    threads: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> SaturationStudy:
    """Simulate studies and count codes; see `egocohort.api.plans.saturation`."""
    read = read_study(study)
    found = saturate(
        read, seed=seed, sizes=sizes, replicates=replicates, threads=threads,
        kept=saturation_run(out, read, seed), progress=progress,
    )  # fmt: skip
    return SaturationStudy(found)


def _two(name: str, one: Estimate) -> dict[str, float]:
    return {name: one.value, f"{name}_mcse": one.mcse}
