"""Settings: the one configuration file, the paths below the state directory, the identities of the daemons."""
