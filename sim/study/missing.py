"""Why a cell of a bundle's raw data has no value."""

__all__ = [
    "DOES_NOT_KNOW", "MISSING_CODES", "NOT_APPLICABLE", "NOT_ASKED", "NOT_REACHED", "REFUSED",
]  # fmt: skip

MISSING_CODES = (-9, -8, -7, -6, -5)
"""Refused, does not know, not applicable, not asked, not reached: never legal values."""

REFUSED, DOES_NOT_KNOW, NOT_APPLICABLE, NOT_ASKED, NOT_REACHED = MISSING_CODES
