"""The rules, one per file; their order stands in `policy/table.py`."""
