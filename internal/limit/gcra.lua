-- Takes one event from every bucket or from none (GCRA, see the package comment).
-- KEYS: one per bucket. ARGV: interval and burst of each bucket in microseconds.
-- Returns {0, 0} when taken, else {number of the emptiest bucket, microseconds to wait}.
-- The clock is the server's, so that instances need not agree on the time.
local t = redis.call('TIME')
local now = tonumber(t[1]) * 1000000 + tonumber(t[2])

local function keep(key, tat)
  -- %.0f because Lua would write a large number with only 14 digits
  redis.call('SET', key, string.format('%.0f', tat), 'PX', string.format('%.0f', math.ceil((tat - now) / 1000)))
end

local empty, wait, tats = 0, 0, {}
for i, key in ipairs(KEYS) do
  local interval, burst = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
  local tat = math.max(tonumber(redis.call('GET', key) or now), now)
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
if empty == 0 then
  for i, key in ipairs(KEYS) do
    keep(key, tats[i])
  end
end
return {empty, wait}
