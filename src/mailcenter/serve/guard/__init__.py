"""guard: Dovecot's auth-policy server and the center's, and the list of lockouts."""
