-- Lift a lockout, and where it is forgiven forget that there was one.
-- KEYS: lockout, offences, the list of all lockouts, guesses of the network at the service, its slow ones
-- ARGV: 1 name in the list, 2 whether it is forgiven (1 or 0)
redis.call('DEL', KEYS[1], KEYS[4], KEYS[5])
if ARGV[2] == '1' then redis.call('DEL', KEYS[2]) end
return redis.call('ZREM', KEYS[3], ARGV[1])
