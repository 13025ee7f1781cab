"""egocohort: simulated personal support networks, and honest studies of them.

``import egocohort as ec`` offers the verbs of the command line as functions (`egocohort.verbs`
lists them), the classes of their results, and the world as a Mesa model, ``ec.CohortModel``. Each
is loaded when it is first used.

Every result has ``summary()``, ``tables``, ``as_data()``, ``plot()`` and ``save()``, and notebooks
show it as tables and pictures.

The front door of the house: it imports every other room, and no room imports it.
"""

from typing import TYPE_CHECKING, Any

from egocohort import rooms, verbs

if TYPE_CHECKING:
    from egocohort.api.plans import *  # noqa: F403
    from egocohort.api.policy import *  # noqa: F403
    from egocohort.api.stress import *  # noqa: F403
    from egocohort.api.studies import *  # noqa: F403
    from egocohort.api.world import *  # noqa: F403
    from egocohort.results.assumptions import IgnoranceBand as IgnoranceBand
    from egocohort.results.calibration import Calibration as Calibration
    from egocohort.results.cheapest import CheapestDesign as CheapestDesign
    from egocohort.results.citations import Citations as Citations
    from egocohort.results.comparison import Comparison as Comparison
    from egocohort.results.evidence import Verification as Verification
    from egocohort.results.feasibility import FeasibilityStudy as FeasibilityStudy
    from egocohort.results.listing import Listing as Listing
    from egocohort.results.lives_check import LivesCheck as LivesCheck
    from egocohort.results.network_measures import NetworkMeasures as NetworkMeasures
    from egocohort.results.page import Page as Page
    from egocohort.results.patterns import PatternVerdicts as PatternVerdicts
    from egocohort.results.pilot_reading import PilotReading as PilotReading
    from egocohort.results.plan import StudyPlan as StudyPlan
    from egocohort.results.reproduction import Reproduction as Reproduction
    from egocohort.results.saturation import SaturationStudy as SaturationStudy
    from egocohort.results.sensitivity import Sensitivity as Sensitivity
    from egocohort.results.simulation import Simulation as Simulation
    from egocohort.results.simulations import Simulations as Simulations
    from egocohort.results.stress import StressTest as StressTest
    from egocohort.results.stress_check import AnalysisTried as AnalysisTried
    from egocohort.results.sweep import DoseResponse as DoseResponse
    from egocohort.study_files.begin import NewStudy as NewStudy
    from egocohort.study_files.cuts import NewScenario as NewScenario
    from egocohort.study_files.new_analysis import NewAnalysis as NewAnalysis
    from egocohort.study_files.service import NewService as NewService
    from sim.world.agents import CohortModel as CohortModel

    __version__: str

__all__ = ["__version__", *verbs.names()]  # all are strings

rooms.take()


def __getattr__(name: str) -> Any:
    """Load a public name, or the version, when it is first asked for."""
    if name == "__version__":
        value: Any = _version()
    elif name in __all__:
        value = verbs.value_of(name)
    else:
        from sim.errors import nearest

        raise AttributeError(f"egocohort has no {name!r}{nearest(name, __all__)}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib import metadata

    try:
        return metadata.version("egocohort")
    except metadata.PackageNotFoundError:  # run from a source tree that is not installed
        return "0+unknown"
