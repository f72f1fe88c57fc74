"""The one parent of all processes: supervisord, its configuration, and how we talk to it."""
