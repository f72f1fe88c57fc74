"""The screens: one module per subject, forms beside them, templates under `templates/center`."""
