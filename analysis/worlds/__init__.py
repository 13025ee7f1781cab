"""Studies drawn from simulated worlds: interviews, census, contrasts, paired truth."""
