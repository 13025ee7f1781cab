"""The verbs there are, in the order of a day's work: the one list, from which the others follow.

A new verb is a line here, a module of `egocohort.commands` with its name, and its function.
"""

from importlib import import_module
from typing import Any, NamedTuple

__all__ = ["LISTED", "TWIN", "VERBS", "Verb", "names", "value_of"]


class Verb(NamedTuple):
    """A function of the API, and the verb of the command line that does the same.

    Attributes
    ----------
    name : str
        The verb.
    function : str
        The function; of the verb's own name, unless an option makes it another.
    room : str
        The module of `egocohort.api` it is in.
    result : str
        Its result: a class, and the module that has it.
    """

    name: str
    function: str
    room: str
    result: str

    @property
    def result_name(self) -> str:
        """Name of the class of its result."""
        return self.result.rpartition(".")[2]


LISTED = (
    Verb("new", "new", "studies", "study_files.begin.NewStudy"),
    Verb("new", "new_scenario", "policy", "study_files.cuts.NewScenario"),
    Verb("new", "new_service", "policy", "study_files.service.NewService"),
    Verb("new", "new_analysis", "stress", "study_files.new_analysis.NewAnalysis"),
    Verb("simulate", "simulate", "studies", "results.simulation.Simulation"),
    Verb("simulate", "simulate_many", "studies", "results.simulations.Simulations"),
    Verb("compare", "compare", "policy", "results.comparison.Comparison"),
    Verb("sweep", "sweep", "policy", "results.sweep.DoseResponse"),
    Verb("plan", "plan", "plans", "results.plan.StudyPlan"),
    Verb("plan", "cheapest", "plans", "results.cheapest.CheapestDesign"),
    Verb("saturation", "saturation", "plans", "results.saturation.SaturationStudy"),
    Verb("feasibility", "feasibility", "plans", "results.feasibility.FeasibilityStudy"),
    Verb("stress", "stress", "stress", "results.stress.StressTest"),
    Verb("stress", "try_analysis", "stress", "results.stress_check.AnalysisTried"),
    Verb("show", "show", "studies", "results.listing.Listing"),
    Verb("rerun", "rerun", "studies", "results.reproduction.Reproduction"),
    Verb("check", "check_lives", "studies", "results.lives_check.LivesCheck"),
    Verb("measures", "measures", "studies", "results.network_measures.NetworkMeasures"),
    Verb("report", "report", "studies", "results.page.Page"),
    Verb("cite", "cite", "studies", "results.citations.Citations"),
    Verb("evidence", "evidence", "world", "results.evidence.Verification"),
    Verb("patterns", "patterns", "world", "results.patterns.PatternVerdicts"),
    Verb("sensitivity", "sensitivity", "world", "results.sensitivity.Sensitivity"),
    Verb("sensitivity", "sensitivity_band", "world", "results.assumptions.IgnoranceBand"),
    Verb("calibrate", "calibrate", "world", "results.calibration.Calibration"),
    Verb("calibrate", "check_pilot", "world", "results.pilot_reading.PilotReading"),
)

VERBS = tuple(dict.fromkeys(one.name for one in LISTED))
"""Of the command line."""

TWIN = "CohortModel"
"""The world as a Mesa model, agent by agent."""


def names() -> list[str]:
    """What ``import egocohort as ec`` offers: functions, classes of their results, the model."""
    return sorted([TWIN, *(name for one in LISTED for name in (one.function, one.result_name))])


def value_of(name: str) -> Any:
    """Load what stands behind one of `names`."""
    if name == TWIN:
        return getattr(import_module("sim.world.agents"), name)
    for one in LISTED:
        if name == one.function:
            return getattr(import_module(f"egocohort.api.{one.room}"), name)
        if name == one.result_name:
            return getattr(import_module(f"egocohort.{one.result.rpartition('.')[0]}"), name)
    raise KeyError(name)
