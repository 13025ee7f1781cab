"""Which question of a plan a sentence is about."""

from __future__ import annotations

from collections.abc import Sized

__all__ = ["which_question"]


def which_question(number: int, asked: Sized) -> str:
    """How a sentence about a question begins, numbered from 1; empty where one alone is asked."""
    return f"question {number}: " if len(asked) > 1 else ""
