-- What is remembered before an attempt.
-- KEYS: lockout, known, guesses at the account
-- ARGV: 1 milliseconds of the Unix epoch now, 2 of the account's window, 3 for which a network stays known
-- gives: milliseconds left of the lockout, known (1 or 0), different guesses at the account
local now = tonumber(ARGV[1])
local lockout = redis.call('GET', KEYS[1])
local left = lockout and (cjson.decode(lockout)['until'] or 0) - now or 0
local known = redis.call('GET', KEYS[2])
return {
  left > 0 and left or 0,
  known and tonumber(known) > now - tonumber(ARGV[3]) and 1 or 0,
  redis.call('ZCOUNT', KEYS[3], now - tonumber(ARGV[2]), '+inf'),
}
