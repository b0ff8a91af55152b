-- The requests of wrk. Paths and the order in which they are asked for are files that all threads map into memory:
-- drawing keys by a Zipf law here, or a million strings in each thread, would make the load the bottleneck.
--
-- After --: what to ask, the paths and their number, the draws and their number, where in the draws to begin.
local ffi = require("ffi")
ffi.cdef [[
  int open(const char *path, int flags, ...);
  void *mmap(void *address, size_t length, int protection, int flags, int file, long offset);
]]

local CLIENT = "User-Agent: containers/5.30 (github.com/containers/image)\r\nAccept-Encoding: gzip\r\n"
local PATH_BYTES, DIGEST_AT

local function map(file, type, bytes)
  local memory = ffi.C.mmap(nil, bytes, 1, 1, ffi.C.open(file, 0), 0)
  return ffi.cast(type, memory)
end

local paths, draws, drawn, cursor
local keep, close
local turn = 0

local function next_path()
  cursor = cursor + 1
  if cursor >= drawn then cursor = 0 end
  return ffi.string(paths + draws[cursor] * PATH_BYTES, PATH_BYTES)
end

local asks = {
  hit = function() return "GET " .. next_path() .. "1" .. keep end,

  half = function()
    turn = 1 - turn
    return "GET " .. next_path() .. (turn == 1 and "1" or "2") .. keep
  end,

  -- A thread of wrk has one connection for this, so that what it asks in turn goes over the same one.
  pull = (function()
    local path
    return function()
      turn = 1 - turn
      if turn == 0 then return "GET " .. path .. "2" .. close end
      path = next_path()
      return "GET " .. path .. "1" .. keep
    end
  end)(),

  connection = function()
    turn = 1 - turn
    return "GET " .. next_path() .. (turn == 1 and "1" or "2") .. close
  end,

  -- Digests that nobody ever stored: the first half of a known one is replaced by a number that grows.
  storm = function()
    turn = turn + 1
    local path = next_path()
    local digest = string.format("%08x%08x%016x", cursor, turn, turn * 2654435761 % 2 ^ 52)
    return "GET " .. path:sub(1, DIGEST_AT) .. digest .. path:sub(DIGEST_AT + 33) .. "1" .. keep
  end,
}

local threads = 0
function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(args)
  local what, count = args[1], tonumber(args[3])
  PATH_BYTES, drawn = tonumber(args[6]), tonumber(args[5])
  paths = map(args[2], "const char *", count * PATH_BYTES)
  draws = map(args[4], "const uint32_t *", drawn * 4)
  DIGEST_AT = ffi.string(paths, PATH_BYTES):find("@sha256=", 1, true) + 7
  -- Threads begin apart from one another, and no two runs at the same place.
  cursor = math.floor((tonumber(args[7]) + number * 0.0618) % 1 * drawn)
  keep = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n" .. CLIENT .. "\r\n"
  close = " HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n" .. CLIENT .. "Connection: close\r\n\r\n"
  request = asks[what]
end

function request() end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nDONE {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"notFound":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
