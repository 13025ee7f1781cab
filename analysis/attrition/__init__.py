"""What absence costs: the dial of its mechanism at fixed retention, and tipping points."""
