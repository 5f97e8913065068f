-- P1 for Lua: the same samples, work and checksums as ../p1.ts, as a loop by hand and as a closure for
-- each stage. Prints µs and checksums as JSON.
local sampleCount, passes = 100000, 4

local function signal()
  local samples, noise = {}, 2463534242
  for i = 0, sampleCount - 1 do
    noise = noise ~ ((noise << 13) & 0xffffffff)
    noise = noise ~ (noise >> 17)
    noise = noise ~ ((noise << 5) & 0xffffffff)
    local spike = i % 997 == 996 and 50 or 0
    local x = 20 + 5 * math.sin(i / 500) + (noise / 4294967296 - 0.5) * 0.4 + spike
    samples[i + 1] = math.floor(x * 100 + 0.5) / 100
  end
  return samples
end

local function fused(samples)
  local x1 = samples[1]
  local x2, x3, x4, x0 = x1, x1, x1, x1
  local y, last, started, emitted, sum = 0.0, 0.0, false, 0, 0.0
  local n, min, max, origin, total, squares, windows, check = 0, 0.0, 0.0, 0.0, 0.0, 0.0, 0, 0.0
  for _ = 1, passes do
    for i = 1, sampleCount do
      x0, x1, x2, x3 = x1, x2, x3, x4
      x4 = samples[i]
      local a, b, c, d = x0, x1, x2, x3
      if b < a then a, b = b, a end
      if d < c then c, d = d, c end
      -- The least of the four is not the median of five: it makes way for the fifth.
      if c < a then b, d, c = d, b, a end
      a = x4
      if b < a then a, b = b, a end
      if a < c then d, a = b, c end
      local middle = d < a and d or a
      if started then
        y = 0.1 * middle + 0.9 * y
        if (y > last and y - last or last - y) > 0.05 then
          last = y
          emitted = emitted + 1
          sum = sum + y
        end
      else
        started = true
        last, y = middle, middle
        emitted = emitted + 1
        sum = sum + y
      end
      if n == 0 then
        origin, min, max = y, y, y
        total, squares = 0.0, 0.0
      elseif y < min then min = y
      elseif y > max then max = y end
      local distance = y - origin
      total = total + distance
      squares = squares + distance * distance
      n = n + 1
      if n == 100 then
        local mean = total / 100
        local variance = squares / 100 - mean * mean
        check = check + (min + max + (origin + mean) + math.sqrt(variance > 0 and variance or 0))
        windows = windows + 1
        n = 0
      end
    end
  end
  return emitted, sum, windows, check
end

local function median5(next)
  local started, x0, x1, x2, x3, x4 = false, 0.0, 0.0, 0.0, 0.0, 0.0
  return function(x)
    if not started then
      started = true
      x1, x2, x3, x4 = x, x, x, x
    end
    x0, x1, x2, x3, x4 = x1, x2, x3, x4, x
    local a, b, c, d = x0, x1, x2, x3
    if b < a then a, b = b, a end
    if d < c then c, d = d, c end
    if c < a then b, d, c = d, b, a end
    a = x
    if b < a then a, b = b, a end
    if a < c then d, a = b, c end
    return next(d < a and d or a)
  end
end

local function average(alpha, next)
  local y, started, rest = 0.0, false, 1 - alpha
  return function(x)
    if started then y = alpha * x + rest * y else started, y = true, x end
    return next(y)
  end
end

local function summary(count, emit, next)
  local n, min, max, origin, total, squares = 0, 0.0, 0.0, 0.0, 0.0, 0.0
  return function(x)
    if n == 0 then
      origin, min, max = x, x, x
      total, squares = 0.0, 0.0
    elseif x < min then min = x
    elseif x > max then max = x end
    local distance = x - origin
    total = total + distance
    squares = squares + distance * distance
    n = n + 1
    if n == count then
      local mean = total / count
      local variance = squares / count - mean * mean
      n = 0
      emit(min, max, origin + mean, math.sqrt(variance > 0 and variance or 0))
    end
    return next(x)
  end
end

local function delta(by, next)
  local last, started = 0.0, false
  return function(x)
    if not started then
      started, last = true, x
      next(x)
    elseif (x > last and x - last or last - x) > by then
      last = x
      next(x)
    end
  end
end

local function closures(samples)
  local emitted, sum, windows, check = 0, 0.0, 0, 0.0
  local function sink(x)
    emitted = emitted + 1
    sum = sum + x
  end
  local function window(min, max, mean, std)
    windows = windows + 1
    check = check + (min + max + mean + std)
  end
  local push = median5(average(0.1, summary(100, window, delta(0.05, sink))))
  for _ = 1, passes do
    for i = 1, sampleCount do push(samples[i]) end
  end
  return emitted, sum, windows, check
end

local samples = signal()

-- Lua's own clocks count whole seconds, or processor time, which unlike real time does not pass while others run.
local function clockUs()
  local clock = assert(io.popen("date +%s%N"))
  local ns = math.tointeger(clock:read("n"))
  clock:close()
  return ns / 1000
end

local function timed(name, work)
  local start = clockUs()
  local emitted, sum, windows, check = work(samples)
  local us = clockUs() - start
  local text = '"%s":{"us":%.1f,"checksums":{"emitted":%d,"sum":%.17g,"windows":%d,"check":%.17g}}'
  return text:format(name, us, emitted, sum, windows, check)
end

print("{" .. timed("loop", fused) .. "," .. timed("closures", closures) .. "}")
