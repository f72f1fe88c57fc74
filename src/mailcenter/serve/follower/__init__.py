"""The ledger daemon: takes the gate's records and the daemons' log lines into the database, each exactly once."""
