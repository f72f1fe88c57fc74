"""The forms of the screens, one module per subject; `base` gives them their look."""
