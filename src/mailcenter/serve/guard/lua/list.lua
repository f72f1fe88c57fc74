-- The lockouts in force, the next to end first: name, milliseconds left, details, in turn.
-- KEYS: the list of all lockouts
-- ARGV: 1 prefix of the keys of lockouts, 2 most
local found = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[2]) - 1)) do
  local key = ARGV[1] .. name
  local left = redis.call('PTTL', key)
  if left > 0 then
    found[#found + 1] = name
    found[#found + 1] = left
    found[#found + 1] = redis.call('GET', key)
  end
end
return found
