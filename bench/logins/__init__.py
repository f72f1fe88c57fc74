"""What logins and idle sessions cost: our platform beside Dovecot alone."""
