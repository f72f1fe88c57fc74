"""Guesses at passwords: the guard beside fail2ban, case by case, and what a login costs with the guard and without."""
