-- Count what networks did within the window, and give all that each did there.
-- KEYS: each network's counts. ARGV: 1 seconds of the window; then for each network how many pairs, and its names and numbers
-- gives: for each network names and numbers
local all, at = {}, 2
for each, key in ipairs(KEYS) do
  local fresh = redis.call('EXISTS', key) == 0
  for _ = 1, tonumber(ARGV[at]) do
    redis.call('HINCRBY', key, ARGV[at + 1], ARGV[at + 2])
    at = at + 2
  end
  at = at + 1
  if fresh then redis.call('EXPIRE', key, ARGV[1]) end
  all[each] = redis.call('HGETALL', key)
end
return all
