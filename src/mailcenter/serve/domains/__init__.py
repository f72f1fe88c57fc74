"""The domains daemon: keeps Postfix's own table of our domains in line with the directory."""
