"""Pictures: axes, labels, ego maps, and the figures of one study."""
