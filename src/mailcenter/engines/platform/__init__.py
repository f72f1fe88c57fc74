"""The platform as a whole: bring it up, stop it, say how it is."""
