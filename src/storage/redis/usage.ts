/**
 * The arithmetic of core/limits/rule.ts inside of Redis, where nothing comes between reading and writing. A usage is a hash
 * of the same four numbers. KEYS: the usage. ARGV: what to do, now, burst, per, interval, first and longest pause, memory.
 * Gives the milliseconds to wait, the room that is left, and whether this used it up.
 */
export const USAGE_SCRIPT = `
local act = ARGV[1]
local now, burst, per, interval = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local first, longest, memory = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local kept = redis.call('hmget', KEYS[1], 'back', 'pause', 'paused', 'ends')
local back, pause = tonumber(kept[1]) or 0, tonumber(kept[2]) or 0
local paused, ends = tonumber(kept[3]) or 0, tonumber(kept[4]) or 0

local function room()
  if ends <= now then return burst end
  if paused > now then return 0 end
  local left = math.floor((per - math.max(0, back - now)) / interval)
  return math.max(longest > 0 and 1 or 0, left)
end

if act == 'back' then
  if ends > 0 then redis.call('hset', KEYS[1], 'back', string.format('%.0f', back - interval)) end
  return { 0, 0, 0 }
end
local before = room()
if act == 'take' and before == 0 then
  local wait = paused - now
  if longest == 0 then wait = math.max(wait, back + interval - per - now) end
  return { math.max(wait, 1), 0, 0 }
end
if ends <= now then back, pause, paused = now, 0, 0 end
local from = math.max(back, now)
local used = from > now + per - 2 * interval
if used then pause = math.min(longest, math.max(first, 2 * pause)) end
if used and longest > 0 then
  paused = now + pause
  back = paused + per
else
  back = math.min(from + interval, now + per)
end
ends = math.max(back, paused) + memory
local text = function(number) return string.format('%.0f', number) end
redis.call('hset', KEYS[1], 'back', text(back), 'pause', text(pause), 'paused', text(paused), 'ends', text(ends))
redis.call('pexpire', KEYS[1], text(ends - now + 1000))
local after = room()
return { 0, after, (before > 0 and after == 0) and 1 or 0 }
`
