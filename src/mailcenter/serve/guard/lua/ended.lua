-- Take the lockouts that have ended off the list; each is told to one guard only.
-- KEYS: the list of all lockouts
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local ended = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 100)
for _, name in ipairs(ended) do redis.call('ZREM', KEYS[1], name) end
return ended
