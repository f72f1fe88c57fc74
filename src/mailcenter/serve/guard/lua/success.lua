-- Remember a login that went well: the network is known to the account, its wrong guesses at it were slips.
-- KEYS: known, passwords that were right, guesses of the network at the service
-- ARGV: 1 seconds that the network stays known, 2 the guess, 3 the login as guesses begin with it,
--       4 milliseconds of the Unix epoch now
local KEPT = 20
redis.call('SET', KEYS[1], ARGV[4], 'EX', ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[4], ARGV[2])
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -KEPT - 1)
redis.call('EXPIRE', KEYS[2], ARGV[1])
for _, member in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
  if string.sub(member, 1, #ARGV[3]) == ARGV[3] then redis.call('ZREM', KEYS[3], member) end
end
return 1
