-- Count what a network did within the window, and give all that it did there.
-- KEYS: the network's counts. ARGV: 1 seconds of the window; then names and numbers
-- gives: names and numbers
local fresh = redis.call('EXISTS', KEYS[1]) == 0
for at = 2, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[at], ARGV[at + 1]) end
if fresh then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return redis.call('HGETALL', KEYS[1])
