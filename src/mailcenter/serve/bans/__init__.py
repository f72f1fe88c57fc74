"""The bans daemon: tells when bans begin and end, and hands them to postscreen."""
