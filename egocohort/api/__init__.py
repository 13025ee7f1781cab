"""The verbs of the command line as functions, for scripts and notebooks.

``import egocohort as ec`` offers them as ``ec.simulate`` and so on. They return objects that
notebooks show well, with pandas DataFrames as properties.
"""

from egocohort.api.studies import (
    cheapest,
    cite,
    new,
    plan,
    report,
    rerun,
    saturation,
    show,
    simulate,
)
from egocohort.api.world import calibrate, evidence, patterns, sensitivity, sensitivity_band

__all__ = [
    "calibrate",
    "cheapest",
    "cite",
    "evidence",
    "new",
    "patterns",
    "plan",
    "report",
    "rerun",
    "saturation",
    "sensitivity",
    "sensitivity_band",
    "show",
    "simulate",
]
