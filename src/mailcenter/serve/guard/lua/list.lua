-- The lockouts in force, the next to end first: name, milliseconds left, details, in turn.
-- KEYS: the list of all lockouts
-- ARGV: 1 prefix of the keys of lockouts, 2 most, 3 milliseconds of the Unix epoch now
local found = {}
for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[2]) - 1)) do
  local key = ARGV[1] .. name
  local lockout = redis.call('GET', key)
  local left = lockout and (cjson.decode(lockout)['until'] or 0) - ARGV[3] or 0
  if left > 0 then
    found[#found + 1] = name
    found[#found + 1] = left
    found[#found + 1] = lockout
  end
end
return found
