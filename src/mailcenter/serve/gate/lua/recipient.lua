-- What is remembered about one recipient's mail, and this try counted, in one go.
-- KEYS: rates of client, sender, recipient; first try; client passed before; good mails of client and of sender's domain;
--       recipient's domain wrote to the sender
-- ARGV: 1 seconds of the rates' window, 0 none counted; 2 whether it is the transaction's first recipient (1 or 0);
--       3 whether the sender has a name (1 or 0); 4 seconds a first try is kept, 0 none kept
-- gives: mails of client, sender, recipient in the window; milliseconds since the first try, -1 where none is kept;
--        passed (1 or 0); good mails of client, of domain; wrote (1 or 0)
local window, first, named, keep = tonumber(ARGV[1]), ARGV[2] == '1', ARGV[3] == '1', tonumber(ARGV[4])

local function count(key, counted)
  if window == 0 then return 0 end
  if not counted then return tonumber(redis.call('GET', key) or 0) end
  local mails = redis.call('INCR', key)
  if mails == 1 then redis.call('EXPIRE', key, window) end
  return mails
end

local answer = { count(KEYS[1], first), named and count(KEYS[2], first) or 0, count(KEYS[3], true), -1, 0, 0, 0, 0 }
if keep > 0 then
  local passed, wrote = redis.call('EXISTS', KEYS[5]), redis.call('EXISTS', KEYS[8])
  if passed == 0 and wrote == 0 then
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    local earlier = redis.call('SET', KEYS[4], now, 'EX', keep, 'NX', 'GET')
    answer[4] = earlier and now - tonumber(earlier) or 0
  end
  answer[5], answer[8] = passed, wrote
  answer[6] = tonumber(redis.call('GET', KEYS[6]) or 0)
  answer[7] = tonumber(redis.call('GET', KEYS[7]) or 0)
end
return answer
