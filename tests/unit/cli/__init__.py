"""The command line without a running platform."""
