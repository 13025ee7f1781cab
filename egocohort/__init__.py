"""egocohort: simulated personal support networks, and honest studies of them.

``import egocohort as ec`` offers the verbs of the command line as functions: ``ec.new``,
``ec.simulate``, ``ec.plan``, ``ec.cheapest``, ``ec.saturation``, ``ec.show``, ``ec.rerun``,
``ec.cite``, ``ec.report``, ``ec.evidence``, ``ec.patterns``, ``ec.calibrate`` and
``ec.sensitivity`` (with ``ec.sensitivity_band``). Each is loaded when it is first used.

The front door of the house: it imports every other room, and no room imports it.
"""

from typing import TYPE_CHECKING, Any

from egocohort import rooms

if TYPE_CHECKING:
    from egocohort.api import (
        calibrate,
        cheapest,
        cite,
        evidence,
        new,
        patterns,
        plan,
        report,
        rerun,
        saturation,
        sensitivity,
        sensitivity_band,
        show,
        simulate,
    )

    __version__: str

__all__ = [
    "__version__",
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

rooms.take()


def __getattr__(name: str) -> Any:
    """Load a public verb, or the version, when it is first asked for."""
    if name == "__version__":
        value: Any = _version()
    elif name in __all__:
        from egocohort import api

        value = getattr(api, name)
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
