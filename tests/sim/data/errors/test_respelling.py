"""Files written another way: the same whatever else is in them, and back again."""

import pytest

from sim.data.errors.respelling import RESPELLINGS

PLAIN = "id,score,day,said\n1,2.50,2014-08-04,x-1.5\n2,-0.25,NA,1.5.2014\n"
QUOTED = PLAIN + '3,1.75,2014-12-31,"a,1.5,2014-08-04"\n'
"""A row more with a cell that holds commas, and numbers and dates that are no cells."""


@pytest.mark.parametrize("way", RESPELLINGS)
@pytest.mark.parametrize("text", [PLAIN, QUOTED])
def test_what_is_written_another_way_is_taken_back(way, text):
    spelling = RESPELLINGS[way]
    assert spelling.spoil(text) != text.encode()
    assert spelling.mend(spelling.spoil(text)) == text


@pytest.mark.parametrize("way", RESPELLINGS)
def test_a_row_is_written_the_same_whatever_the_others_are(way):
    plain, quoted = (RESPELLINGS[way].spoil(text) for text in (PLAIN, QUOTED))
    assert quoted.startswith(plain)


def test_only_whole_cells_are_numbers_and_dates():
    spoilt = RESPELLINGS["semicolons, decimal commas"].spoil(PLAIN).decode()
    assert spoilt.splitlines()[1:] == ["1;2,50;2014-08-04;x-1.5", "2;-0,25;NA;1.5.2014"]
    spoilt = RESPELLINGS["dates with the day first"].spoil(PLAIN).decode()
    assert spoilt.splitlines()[1:] == ["1,2.50,04/08/2014,x-1.5", "2,-0.25,NA,1.5.2014"]
