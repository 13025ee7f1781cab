"""Text as codes of labels says what the same text row by row would."""

import numpy as np
import pytest

from sim.study.lazy import Lazy
from sim.study.texts import of_codes, words
from sim.world.kinds import Cause, Event


def rows(texts):
    return np.array(texts.labels)[texts.codes].tolist()


def test_rows_are_chosen_and_replaced():
    texts = words(np.array([True, False, True, False]), "no", "yes")
    assert rows(texts) == ["yes", "no", "yes", "no"]
    assert rows(texts[np.array([1, 0])]) == ["no", "yes"]
    assert rows(texts.where(np.array([True, True, False, False]), "unknown")) == [
        "yes", "no", "unknown", "unknown",
    ]  # fmt: skip
    assert len(texts) == 4


def test_a_code_without_a_name_has_an_empty_label():
    events = of_codes(Event)
    assert events[0] == ""
    assert events[Event.DISCHARGE] == "discharge"
    assert of_codes(Cause)[Cause.CASE_CLOSED] == "case_closed"


def test_what_is_lazy_is_made_once_and_its_maker_let_go_of():
    made = []

    def make():
        made.append("a")
        return 1

    def fail():
        raise AssertionError

    lazy = Lazy({"a": make, "b": fail})
    assert made == []
    assert list(lazy) == ["a", "b"]
    assert "b" in lazy
    assert (lazy["a"], lazy["a"]) == (1, 1)
    assert made == ["a"]
    assert lazy._makers["a"] is None
    with pytest.raises(KeyError):
        lazy["c"]
