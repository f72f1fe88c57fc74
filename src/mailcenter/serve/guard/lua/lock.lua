-- Lock a network out of a service, or lock it for longer.
-- KEYS: lockout, offences, the list of all lockouts, guesses of the network at the service
-- ARGV: 1 milliseconds, 2 seconds that an offence is remembered, 3 name in the list, 4 details,
--       5 milliseconds of the Unix epoch now
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[1])
redis.call('INCR', KEYS[2])
redis.call('EXPIRE', KEYS[2], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[5] + ARGV[1], ARGV[3])
redis.call('DEL', KEYS[4])
return 1
