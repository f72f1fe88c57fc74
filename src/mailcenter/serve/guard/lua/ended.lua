-- Take the lockouts that have ended off the list; each is told to one guard only.
-- KEYS: the list of all lockouts
-- ARGV: 1 milliseconds of the Unix epoch now
local ended = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, 100)
for _, name in ipairs(ended) do redis.call('ZREM', KEYS[1], name) end
return ended
