"""The engines' rendering and decisions without running daemons."""
