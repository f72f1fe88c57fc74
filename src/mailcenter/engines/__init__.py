"""The engines: a folder per daemon with its templates, rendering, check, start and health."""
