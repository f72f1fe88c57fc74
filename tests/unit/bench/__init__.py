"""The replay and the benchmark themselves: what they count must be right."""
