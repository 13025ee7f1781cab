"""The rules: pure scalar functions of (uniforms, state, parameters).

A rule never draws, loops or touches an array; one rule, one name, one docstring. The compiled week
and the Mesa twin call the same functions. Conventions:

- `rates` is one record of parameters (`scenarios/parameters.toml`; dots become underscores);
- rates are per year and become weekly with WEEK; flags are 0 or 1 in float32;
- trust, understanding, closeness, strain, load and severity lie in [0, 1]; traits are z-scores.

A docstring says what the rule gives, then its exact formula (indented), then each argument: its
meaning, the state column (`ties.trust`) or parameter (`tie.*.upkeep`, one value for each group) it
is given, and its range where it does not have the parameter's: {0, 1}, [low, high], `uniform`. In
formulas parameters have their dotted paths. Patterns (P) and evidence (N, B) are named where they
are answered to. docs/odd.md is made from these docstrings: someone who reads nothing else must be
able to write the rule again.
"""
