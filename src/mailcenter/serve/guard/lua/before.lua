-- What is remembered before an attempt.
-- KEYS: lockout, known, guesses at the account
-- ARGV: 1 milliseconds of the account's window
-- gives: milliseconds left of the lockout, known (1 or 0), different guesses at the account
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local left = redis.call('PTTL', KEYS[1])
return {
  left > 0 and left or 0,
  redis.call('EXISTS', KEYS[2]),
  redis.call('ZCOUNT', KEYS[3], now - tonumber(ARGV[1]), '+inf'),
}
