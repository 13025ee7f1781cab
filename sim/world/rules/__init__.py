"""The rules: pure scalar functions of (uniforms, state, parameters).

A rule never draws, loops or touches an array; one rule, one name, one docstring with its formula,
units, and the patterns (P) and evidence (N, B) it answers to. The compiled week and the Mesa twin
call the same functions. Conventions:

- `p` is one record of parameters (`scenarios/parameters.toml`; dots become underscores);
- rates are per year and become weekly with WEEK; flags are 0 or 1 in float32;
- trust, understanding, closeness, strain, load and severity lie in [0, 1]; traits are z-scores.
"""
