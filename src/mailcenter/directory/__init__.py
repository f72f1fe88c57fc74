"""The system of record: who owns which address. Models, the tenants' barrier, and the views the daemons read."""
