-- A session's place among those of its account. KEYS: the account's sessions
-- ARGV: 1 the session; 2 seconds until it counts no more unless it says so again, 0 gives the place up; 3 the most sessions
-- gives: 1, or 0 where all places are taken
local now = tonumber(redis.call('TIME')[1])
local lasts = tonumber(ARGV[2])
if lasts == 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  return 1
end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call('ZADD', KEYS[1], now + lasts, ARGV[1])
redis.call('EXPIRE', KEYS[1], lasts)
return 1
