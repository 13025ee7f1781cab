"""Data only: parameters, their sources, scenarios (``*.toml``) and studies (``studies/*.toml``).

A package so that the files travel with the installed program. Holds no code and imports nothing;
read it through ``importlib.resources.files("scenarios")``.
"""
