"""A planted effect: what was asked, how it is carried out, and what it makes of a study file."""

from __future__ import annotations

from typing import Any, NamedTuple

from analysis.questions.asking import COMPARES_ARMS
from analysis.questions.question import Question
from analysis.stress.asked import estimated_by
from analysis.stress.code import UserCode
from analysis.stress.effects import (
    Effect,
    ScoreEffect,
    effect_of,
    loss_overlay,
    without_effects,
)
from analysis.stress.planting import Planting, solve_planting
from sim.errors import InputError
from sim.study.spec import Study, parse_study
from sim.world.scenario import Scenario

__all__ = ["PlantedEffect", "planted_effect"]


class PlantedEffect(NamedTuple):
    """An effect as it is carried out.

    Attributes
    ----------
    asked : Effect
    planting : Planting or None
        Of an effect on scores, solved.
    overlay : dict or None
        Of an effect on ties, the scenario of its arm.
    """

    asked: Effect
    planting: Planting | None
    overlay: dict[str, Any] | None

    def put(self, said: dict[str, Any]) -> None:
        """Put it into what a study file says, in place of all that its arms do."""
        without_effects(said)
        arm = self.asked.arms[0]
        if isinstance(self.asked, ScoreEffect):
            assert self.planting is not None  # noqa: S101  # of scores
            shift = list(self.planting.shift)
            said["arms"]["planted"] = {"arm": arm, "scale": self.asked.scale, "shift": shift}
        elif self.overlay is not None:
            said["arms"]["scenario"] = {arm: self.overlay}

    def marginal_question(self, study: Study, code: UserCode) -> tuple[Question, ...]:
        """Of an effect on ties, their recorded loss between its arms; of another, nothing."""
        asked = self.asked
        if isinstance(asked, ScoreEffect):
            return ()
        words = f"difference kept {asked.tie_class} {asked.week} {' - '.join(asked.arms)}"
        return estimated_by(study, code, [words]).questions

    def is_seen_by(self, question: Question) -> bool:
        """Whether a question compares arms in something that it changes."""
        asked = self.asked
        if question.about not in COMPARES_ARMS or asked.arms[0] not in question.arms:
            return False
        return not isinstance(asked, ScoreEffect) or question.outcome == asked.scale

    def of(self, study: Study) -> Study:
        """The study with it."""
        said = study.resolved()
        self.put(said)
        return parse_study(said, study.id)


def planted_effect(
    study: Study, world: Scenario, said: str, where: str = "--effect"
) -> PlantedEffect:
    """The effect that a user asks for, solved.

    Parameters
    ----------
    study, world
        As its file has it, and the world it is held in.
    said
        As `effects.effect_of` takes it.
    where
        It is said, for messages.

    Raises
    ------
    sim.errors.InputError
        If it has no meaning in the study, or cannot be.
    """
    try:
        asked = effect_of(said, study.arm_names, study.waves.weeks)
        if isinstance(asked, ScoreEffect):
            return PlantedEffect(asked, solve_planting(study, world, asked), None)
        return PlantedEffect(asked, None, loss_overlay(world, asked))
    except InputError as error:
        raise InputError(f"{where} {error}") from None
