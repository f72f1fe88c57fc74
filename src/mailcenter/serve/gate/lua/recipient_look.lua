-- What recipient.lua would answer to the same keys and arguments, with nothing counted or kept.
local window, first, named, keep = tonumber(ARGV[1]), ARGV[2] == '1', ARGV[3] == '1', tonumber(ARGV[4])

local function count(key, counted)
  if window == 0 then return 0 end
  return tonumber(redis.call('GET', key) or 0) + (counted and 1 or 0)
end

local answer = { count(KEYS[1], first), named and count(KEYS[2], first) or 0, count(KEYS[3], true), -1, 0, 0, 0, 0 }
if keep > 0 then
  local passed, wrote = redis.call('EXISTS', KEYS[5]), redis.call('EXISTS', KEYS[8])
  if passed == 0 and wrote == 0 then
    local time = redis.call('TIME')
    local earlier = redis.call('GET', KEYS[4])
    answer[4] = earlier and time[1] * 1000 + math.floor(time[2] / 1000) - tonumber(earlier) or 0
  end
  answer[5], answer[8] = passed, wrote
  answer[6] = tonumber(redis.call('GET', KEYS[6]) or 0)
  answer[7] = tonumber(redis.call('GET', KEYS[7]) or 0)
end
return answer
