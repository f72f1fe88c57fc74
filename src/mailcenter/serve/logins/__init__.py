"""logins: says to Dovecot whether a password is right, and renews the hashes of passwords that it has seen."""
