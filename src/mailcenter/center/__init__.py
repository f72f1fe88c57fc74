"""The control center: the screens of every role, and the REST API."""
