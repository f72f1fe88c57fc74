"""The engines: a folder per daemon with its templates, rendering, check, start and health.

`table.py` lists them in the order in which they are prepared and shown.
"""
