"""What a pilot proposes for a study file: the cautious figure, with its interval and its people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from egocohort.study_files.questions import OWN_FIGURE, Answer, Proposal
from sim.errors import InputError

if TYPE_CHECKING:
    from analysis.pilots.estimates import PilotOutcome
    from analysis.pilots.interviews import PilotInterviews

__all__ = ["PilotSays", "pilot_says"]

FEWEST = 5
"""People who must have stayed away before their share is told."""


@dataclass(frozen=True)
class PilotSays:
    """Proposals of a pilot, in place of those on file.

    Attributes
    ----------
    found : analysis.pilots.interviews.PilotInterviews
    """

    found: PilotInterviews

    @property
    def source(self) -> str:
        """What the protocol cites."""
        return f"pilot of {int(self.found.attended[:, 0].sum())} people"

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """Of which it has scores."""
        from analysis.pilots.estimates import scales_of

        return scales_of(self.found)

    def proposal(self, name: str, answers: Mapping[str, Any]) -> Proposal | None:
        """What it proposes for a question; None if it says nothing of it."""
        if name == "outcome":
            return Proposal(self.scales[0], "assumed", "") if self.scales else None
        if name == "weeks":
            weeks = self.found.weeks
            return Proposal(weeks[1:], self.source, "") if weeks and len(weeks) > 1 else None
        if name == "retention":
            return self._retention(answers)
        if name in ("members", "kept_members", "tie_icc"):
            return self._of_ties(name)
        if answers.get("outcome") not in self.scales:
            return None
        return self._of_outcome(name, self._outcome(answers["outcome"]))

    def beside(self, answers: Mapping[str, Any]) -> dict[str, Answer]:
        """What nobody is asked: the mean at baseline, and who stayed at each wave."""
        found: dict[str, Answer] = {}
        if answers.get("outcome") in self.scales:
            said = self._outcome(answers["outcome"])
            found["mean"] = Answer(round(said.mean, 3), self.source)
        weeks = self.found.weeks
        if weeks and tuple(answers.get("weeks", ())) == weeks[1:]:
            stayed = self._stayed()
            if all(self._told(wave) for wave in range(1, self.found.waves)):
                kept = np.minimum.accumulate(stayed[1:] / stayed[0])
                found["kept"] = Answer(tuple(round(float(one), 4) for one in kept), self.source)
        return found

    def lines(self, answers: Mapping[str, Answer]) -> tuple[str, ...]:
        """What it says of the outcome, what it leaves open, and what was mended in reading it."""
        scale = answers["outcome"].value if "outcome" in answers else "ties"
        said = [f"From the {self.source}, {scale}:"]
        one = self._outcome(scale) if scale in self.scales else None
        if one is not None:
            said.append(
                f"  SD {one.sd:.2f} ({one.people} people), upper 80 % limit {one.sd_upper:.2f}; "
                f"mean {one.mean:.2f}"
            )
            if one.correlation is not None:
                said.append(
                    f"  correlation of waves 1 and {one.wave}: {one.correlation}, "
                    f"{one.correlation.people} people"
                )
            said += [
                f"  intracluster correlation by {alike.unit}: {alike.icc}, {alike.units} of them"
                for alike in one.alike
            ]
        if "retention" in answers and answers["retention"].source == self.source:
            said.append(f"  retention: {answers['retention'].note}")
        open_ones = [
            name for name in (
                "sd", "correlation", "icc", "members", "kept_members", "tie_icc", "retention",
                "weeks",
            )
            if name in answers and answers[name].source not in (self.source, OWN_FIGURE)
        ]  # fmt: skip
        if one is not None and not one.alike and "icc" not in open_ones:
            said.append("  intracluster correlation: unknown (no column team or worker)")
        if open_ones:
            said.append(f"  not known from it, and so as on file: {', '.join(open_ones)}")
        return (*said, *(f"  read with care: {note}" for note in self.found.notes))

    def ties(self) -> str:
        """What it says of members named again, as comments at the end of a study file."""
        from analysis.pilots.ties_kept import ties_of
        from egocohort.study_files.ties import ties_text

        said = ties_of(self.found)
        return "" if said is None else ties_text(said, self.source, self.found.weeks)

    def _stayed(self) -> np.ndarray:
        """Of those interviewed at the first wave, how many were at each, (W,)."""
        first = self.found.attended[:, 0]
        return np.asarray(self.found.attended[first].sum(axis=0))

    def _told(self, wave: int) -> bool:
        stayed = self._stayed()
        return bool(stayed[wave] >= FEWEST and not 0 < stayed[0] - stayed[wave] < FEWEST)

    def _retention(self, answers: Mapping[str, Any]) -> Proposal | None:
        from analysis.pilots.estimates import retention_range

        last, weeks = self.found.waves - 1, self.found.weeks
        asked = answers.get("weeks") or (0,)
        if weeks is not None:
            last = weeks.index(asked[-1]) if asked[-1] in weeks else 0
        if last < 1 or not self._told(last):
            return None
        stayed = self._stayed()
        share = retention_range(int(stayed[last]), int(stayed[0]))
        return Proposal(
            round(share.value, 4), self.source,
            f"{stayed[last]} of {stayed[0]} interviewed at wave {last + 1}, {share}",
        )  # fmt: skip

    def _of_ties(self, name: str) -> Proposal | None:
        from analysis.pilots.ties_kept import ties_of

        said = ties_of(self.found)
        if said is None or (name == "tie_icc" and said.icc is None):
            return None
        by = "known again by name, of which some are lost for it" if said.linked else "by their ids"
        if name == "members":
            return Proposal(
                round(said.number, 2), self.source, f"first maps of {said.people} people"
            )
        if name == "kept_members":
            note = f"of {said.followed[-1]} people at the last wave, {by}"
            return Proposal(round(float(np.clip(said.kept[-1], 0.01, 0.99)), 4), self.source, note)
        icc = said.icc
        assert icc is not None  # noqa: S101  # told above
        value = round(float(np.clip(icc.value, 0, 0.9)), 4)
        return Proposal(value, self.source, f"{icc}, {icc.people} people")

    def _outcome(self, scale: str) -> PilotOutcome:
        from analysis.pilots.estimates import outcome_of

        return outcome_of(self.found, scale)

    def _of_outcome(self, name: str, said: PilotOutcome) -> Proposal | None:
        from analysis.pilots.estimates import CAUTION

        if name == "sd":
            return Proposal(
                round(said.sd_upper, 3), self.source,
                f"the upper {100 * CAUTION:.0f} % confidence limit of its SD of {said.sd:.2f} "
                f"({said.people} people), so that power is as planned in four of five pilots",
            )  # fmt: skip
        if name == "correlation" and said.correlation is not None:
            one = said.correlation
            value = float(np.clip(round(one.value, 3), 0, 0.99))
            return Proposal(
                value, self.source,
                f"waves 1 and {said.wave}, {one.people} people, {one}",
            )  # fmt: skip
        if name in ("icc", "cluster_size") and said.alike:
            alike = said.alike[0]
            if name == "cluster_size":
                return Proposal(
                    max(round(alike.size), 1), self.source, f"its people for each {alike.unit}"
                )
            return Proposal(
                round(float(np.clip(alike.icc.value, 0, 0.9)), 4), self.source,
                f"{alike.units} {alike.unit}s of {alike.size:.1f} people on average, {alike.icc}",
            )  # fmt: skip
        return None


def pilot_says(
    folder: str | Path, map_file: str | Path | None, given: Mapping[str, Any]
) -> PilotSays:
    """Read a pilot for a study file.

    Raises
    ------
    InputError
        If it cannot be read, or has no scores of the outcome that is asked for.
    """
    from analysis.pilots.given import NOTHING_SAID, read_map
    from analysis.pilots.reading import read_interviews
    from sim.world.toml_file import at_home

    words = NOTHING_SAID if map_file is None else read_map(map_file)
    says = PilotSays(read_interviews(at_home(Path(folder)), words))
    wanted = given.get("outcome")
    if not says.scales and given.get("about") != "ties":
        raise InputError(
            f"{says.found.egos.where}: has no scores of a scale that is known (swemwbs, reqol10, "
            "hccq, loneliness, symptoms); if a column is one of them, say so in a file of --map: "
            '[columns] swemwbs = "its name"'
        )
    if wanted is not None and wanted not in says.scales:
        raise InputError(
            f"--outcome: the pilot has no scores of {wanted}; it has {', '.join(says.scales)}"
        )
    return says
