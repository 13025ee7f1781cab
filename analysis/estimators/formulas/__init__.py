"""Power and precision computed and not simulated: what is shown beside a simulation."""
