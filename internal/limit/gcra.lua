-- Takes one event from every bucket or from none (GCRA, see the package comment).
-- KEYS: one per bucket. ARGV: interval and burst of each bucket in microseconds, and 1 if it counts arrivals only:
-- then it is left alone where the first bucket is in use. A negative interval gives an event back.
-- Returns {0, 0} when taken, else {number of the emptiest bucket, microseconds to wait}.
-- The clock is the server's, so that instances need not agree on the time.
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])

local function keep(key, tat)
  if tat <= now then
    redis.call('DEL', key) -- full, as if never used
    return
  end
  -- %.0f because Lua would write a large number with only 14 digits
  redis.call('SET', key, string.format('%.0f', tat), 'PX', string.format('%.0f', math.ceil((tat - now) / 1000)))
end

local empty, wait, tats, used = 0, 0, {}, false
for i, key in ipairs(KEYS) do
  local interval, burst, arrival = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), ARGV[3 * i] == '1'
  if not (arrival and used) then
    local tat = math.max(tonumber(redis.call('GET', key) or now), now)
    if i == 1 then
      used = tat > now
    end
    if tat > now + burst then
      -- The clock was set back or the rate changed: without this the bucket stays shut.
      tat = now + burst
      keep(key, tat)
    end
    tats[i] = tat + interval
    local late = tats[i] - burst - now
    if late > wait then
      empty, wait = i, late
    end
  end
end
if empty == 0 then
  for i, key in ipairs(KEYS) do
    if tats[i] then
      keep(key, tats[i])
    end
  end
end
return {empty, wait}
