"""What happens, week by week, whether or not a study looks.

Parameters and scenarios, the population of a team, the rules of a week, the compiled kernel and its
readable twin. The first room of the house: it imports none of the others.
"""
