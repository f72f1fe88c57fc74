-- Keep what speaks for clients, domains, lists and correspondents.
-- KEYS: counters and marks. ARGV: 1 seconds they last from now on; then for each key how much to add, 0 for a mark
for at, key in ipairs(KEYS) do
  if ARGV[at + 1] == '0' then
    redis.call('SET', key, '1', 'EX', ARGV[1])
  else
    redis.call('INCRBY', key, ARGV[at + 1])
    redis.call('EXPIRE', key, ARGV[1])
  end
end
return #KEYS
