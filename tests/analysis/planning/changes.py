"""Changes of the small trial that several tests make: pairs of old and new text."""

__all__ = ["ANY", "BOTH_ACT", "BY_TEAM", "SLOPES", "THREE_ARMS", "TWO_QUESTIONS", "analysed"]

THREE_ARMS = (
    "share = { control = 1, treated = 1 }",
    "share = { control = 1, treated = 1, other = 1 }",
)
BOTH_ACT = ("treated = [0.25, 0.5]", "treated = [0.25, 0.5]\nother = [0.25, 0.5]")
QUESTION = '[[plan.question]]\noutcome = "swemwbs"\nanalysis = "t_test"\n'
TWO_QUESTIONS = (
    QUESTION,
    QUESTION + 'arms = ["treated", "control"]\n' + QUESTION + 'arms = ["other", "control"]\n',
)
ANY = ("chance = 0.8", 'chance = 0.8\nsucceeds_with = "any"')
SLOPES = ("correlation = 0.6", "correlation = 0.6\nslope_sd = 4")
BY_TEAM = ('unit = "ego"', 'unit = "team"')


def analysed(name, more=""):
    """By another analysis than the t test, with further keys of the question."""
    return ('analysis = "t_test"', f'analysis = "{name}"{more}')
