-- Count a wrong guess.
-- KEYS: guesses of the network at the service, guesses at the account, known, passwords that were right, offences,
--       guesses of the network at all services and accounts within the longer window
-- ARGV: 1 the guess with its login, 2 the guess with its network, 3 the guess alone, 4 milliseconds of the network's window,
--       5 milliseconds of the account's, 6 milliseconds of the Unix epoch now, 7 milliseconds for which a network stays known,
--       8 milliseconds of the longer window, 9 guesses that are kept in each, 10 the login as guesses begin with it
-- gives: different guesses of the network, known (1 or 0), offences, stale (1 or 0), guesses at the account in the longer window
local now = tonumber(ARGV[6])

local function count(key, member, window)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - window)
  redis.call('ZADD', key, now, member)
  redis.call('ZREMRANGEBYRANK', key, 0, -ARGV[9] - 1)
  redis.call('PEXPIRE', key, window)
  return redis.call('ZCARD', key)
end

local seen = redis.call('GET', KEYS[3])
local known = seen and tonumber(seen) > now - tonumber(ARGV[7]) and 1 or 0
local offences = tonumber(redis.call('GET', KEYS[5]) or 0)
if redis.call('ZSCORE', KEYS[4], ARGV[3]) then
  return { redis.call('ZCARD', KEYS[1]), known, offences, 1, 0 }
end
local different = count(KEYS[1], ARGV[1], tonumber(ARGV[4]))
if known == 0 then count(KEYS[2], ARGV[2], tonumber(ARGV[5])) end
count(KEYS[6], ARGV[1], tonumber(ARGV[8]))
local slow = 0
for _, member in ipairs(redis.call('ZRANGE', KEYS[6], 0, -1)) do
  if string.sub(member, 1, #ARGV[10]) == ARGV[10] then slow = slow + 1 end
end
return { different, known, offences, 0, slow }
