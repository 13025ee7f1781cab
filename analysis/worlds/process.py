"""Studies drawn from the simulated world.

One world a replicate: the whole caseload lives in its teams, arms are drawn for all of it before
anybody is recruited, and people are approached in one order. So the first n of a study are the
study of n, and one world serves every size. What a question asks is kept as arrays; nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from analysis.questions.plan import Plan
from analysis.questions.question import Question
from analysis.runs.purposes import Purpose
from analysis.worlds.census import Truth, census, contrast_of
from analysis.worlds.interviews import Interviews, Recorded, outcomes_of
from analysis.worlds.kept_worlds import KeptWorlds
from sim.errors import InputError
from sim.side_by_side import Progress, side_by_side, silent
from sim.study.conditions import as_held
from sim.study.fieldwork import Fieldwork, Sample
from sim.study.frame import lived_scenario, people_to_ask
from sim.study.participate import Dial
from sim.study.recruit import sainte_lague, site_weights
from sim.study.reference import solved_absence
from sim.study.simulate import interview
from sim.study.spec import Study
from sim.world.parameters import catalogue
from sim.world.scenario import Scenario, read_scenario
from sim.world.streams import key_of

__all__ = ["WorldProcess", "world_process", "worlds_of_truth"]

TRUTH_REPLICATES = 100


@dataclass(frozen=True)
class WorldProcess:
    """Studies of a scenario's world; see `analysis.trials.process`.

    Attributes
    ----------
    study : Study
        As in the file.
    largest : Study
        The same study, of everybody the plan may enrol.
    lived : Scenario
        The world with the arms laid over.
    questions : tuple of Question
    seed : int
    kept : dict
        Studies drawn so far, by replicate.
    truths : list of Truth
        Of the questions, once found.
    absence : tuple of (Dial, ndarray), optional
        How absence works, where the reference cohort is not to be asked.
    worlds : KeptWorlds, optional
        Where what has been lived is kept on disk, and taken from if it is there.
    """

    study: Study
    largest: Study
    lived: Scenario
    questions: tuple[Question, ...]
    seed: int
    kept: dict[int, Interviews] = field(default_factory=dict)
    truths: list[Truth] = field(default_factory=list)
    absence: tuple[Dial, np.ndarray] | None = None
    worlds: KeptWorlds | None = None

    @property
    def arms(self) -> Sequence[str]:
        """Names of the arms; one empty name where there are none."""
        return self.study.arm_names or ("",)

    @property
    def weeks(self) -> Sequence[int]:
        """Weeks of the waves."""
        return self.study.waves.weeks

    @property
    def frame(self) -> int:
        """People the plan may enrol."""
        return self.largest.recruitment.n

    @property
    def teams(self) -> int:
        """Teams of the world."""
        return sum(self.lived.world.teams_per_site)

    def draw(self, n: int, replicates: range) -> Iterator[Interviews]:
        """The first n people of each study, one study at a time."""
        for replicate in replicates:
            if replicate not in self.kept:
                self.kept[replicate] = self._held(replicate)
            yield self.kept[replicate].first(n)

    def prepare(
        self,
        replicates: range,
        threads: int,
        progress: Progress = silent,
        stage: str = "living the studies",
    ) -> None:
        """Draw studies side by side and keep them."""
        wanted = [r for r in replicates if r not in self.kept]

        def live(lacking: Sequence[int]) -> Iterator[Interviews]:
            if lacking and self.absence is None:  # once, and not in each thread
                solved_absence(self.study, self.lived, threads)
            return side_by_side(self._held, lacking, threads)

        found = self.worlds.studies.or_lived(wanted, live) if self.worlds else live(wanted)
        for done, (replicate, one) in enumerate(zip(wanted, found, strict=True), start=1):
            self.kept[replicate] = one
            progress(stage, done, len(wanted))

    def find_truths(self, replicates: int, threads: int, progress: Progress = silent) -> None:
        """Find what is true of everybody eligible, in paired worlds of so many replicates."""
        numbers = Purpose.TRUTH.some(replicates)

        def work(replicate: int) -> list[np.ndarray]:
            return census(self.study, self.lived, self.questions, self.seed, replicate)

        live = partial(side_by_side, work, threads=threads)
        sums = self.worlds.truths.or_lived(numbers, live) if self.worlds else live(numbers)
        found = []
        for one in sums:
            found.append(one)
            progress("living paired worlds", len(found), replicates)
        self.truths[:] = [
            contrast_of(question, np.stack([each[q] for each in found]))
            for q, question in enumerate(self.questions)
        ]

    def truth_of(self, question: Question) -> Truth:
        """What a question's estimand is in this world, with its Monte Carlo error."""
        if not self.truths:
            self.find_truths(TRUTH_REPLICATES, 1)
        return self.truths[self.questions.index(question)]

    def truth(self, question: Question) -> float:
        """What a question's estimand is in this world."""
        return self.truth_of(question).value

    def sample(self, replicate: int) -> Sample:
        """Who takes part in the largest study, in order of recruitment."""
        work = Fieldwork(self.largest, self.lived, key_of(self.seed, replicate))
        return work.run(1, weekly=False)[0]

    def _held(self, replicate: int) -> Interviews:
        """One study of everybody the plan may enrol, interviewed as the study would."""
        wanted = {str(one.outcome) for one in self.questions}
        return self.interviewed(self.study, self.sample(replicate), replicate, wanted)

    def interviewed(
        self, study: Study, sample: Sample, replicate: int, wanted: Collection[str]
    ) -> Interviews:
        """What a study records of a sample lived in a replicate: outcomes by name.

        Parameters
        ----------
        study
            This process's, or one that differs in participation alone.
        sample
            From `sample`, or the beginning of it.
        """
        params, key = catalogue().record(self.lived.parameters), key_of(self.seed, replicate)
        own = self.absence if study is self.study else None
        absence = own or solved_absence(study, self.lived)
        held = interview(study, sample, params, key, *absence, placed=False)
        scores, attended = held.scored.scores, held.visits.attended
        seen = Recorded(sample.egos, sample.members, scores, held.maps.recorded, attended)
        values, ties = outcomes_of(seen, wanted)
        team = np.unique(sample.site * 100_000 + sample.team, return_inverse=True)[1]
        return Interviews(
            values, ties, np.maximum(sample.arm, 0), team.reshape(-1), seen.seen,
            sample.egos["alive"] > 0, self.places(sample),
        )  # fmt: skip

    def places(self, sample: Sample) -> np.ndarray:
        """Place of each participant in the order of the sites' quotas."""
        sequence = sainte_lague(site_weights(self.largest, self.lived), self.frame)
        rank = np.zeros(sample.site.size, int)
        for site in np.unique(sample.site):
            mine = sample.site == site
            rank[mine] = np.flatnonzero(sequence == site - 1)[: int(mine.sum())]
        return rank


def world_process(
    study: Study, plan: Plan, seed: int, effect: float = 1.0, worlds: KeptWorlds | None = None
) -> WorldProcess:
    """The process of a study of the world.

    Parameters
    ----------
    study, plan
        The study and its `[plan]`.
    seed
        Of all draws.
    effect
        Must be 1: what arms do follows from their scenarios.
    worlds
        Where what has been lived is kept on disk.

    Raises
    ------
    sim.errors.InputError
        More people than there are, an arm that does not fit its unit, a multiple of an effect.
    """
    if effect != 1:
        raise InputError(
            "in the world what arms do follows from their scenarios and cannot be multiplied; "
            'change the scenario, or plan with process = "panel"'
        )
    study = as_held(study)
    lived = lived_scenario(read_scenario(study.scenario), study)
    _check_frame(study, plan, lived)
    largest = study.wanting(plan.people_at_most)
    return WorldProcess(study, largest, lived, plan.question, seed, worlds=worlds)


def _check_frame(study: Study, plan: Plan, lived: Scenario) -> None:
    """Raise an `InputError` if the plan may want more people than would take part."""
    frame, willing = people_to_ask(study, lived)
    if plan.people_at_most > willing:
        raise InputError(
            f"{study.id}, plan.people_at_most: up to {plan.people_at_most} people, but the frame "
            f"holds {frame}, of whom about {willing} are interested and consent; ask for fewer, "
            "or add teams in [frame]"
        )


TRUTH_SHARE = 5
"""One world of truth for so many studies, and no more than TRUTH_REPLICATES."""


def worlds_of_truth(replicates: int) -> int:
    """Worlds of truth for so many studies."""
    return max(min(replicates // TRUTH_SHARE, TRUTH_REPLICATES), 2)
