"""How mail programs find their settings by themselves: `services.py` has what they are told, the others its forms."""
