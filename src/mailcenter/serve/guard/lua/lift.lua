-- Lift a lockout, and forget that there was one.
-- KEYS: lockout, offences, the list of all lockouts, guesses of the network at the service
-- ARGV: 1 name in the list
redis.call('DEL', KEYS[1], KEYS[2], KEYS[4])
return redis.call('ZREM', KEYS[3], ARGV[1])
