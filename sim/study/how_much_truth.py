"""How much truth a study is simulated with: of the lives that were lived, or of others beside."""

from typing import Literal

__all__ = ["LIVED", "TRUTHS", "HowMuchTruth"]

HowMuchTruth = Literal["lived", "counterfactual", "direct"]
TRUTHS: tuple[HowMuchTruth, ...] = ("lived", "counterfactual", "direct")
"""The lives lived alone; each participant's with everybody in each arm; or with the own arm alone
changed."""

LIVED = TRUTHS[0]
