"""Entry points of the processes: wiring only."""
