-- One request of wrk: a path drawn uniformly; the share of misses is the second argument after --.
local paths = {}
local misses = 0

function init(args)
  for line in io.lines(args[1]) do paths[#paths + 1] = line end
  misses = tonumber(args[2])
  math.randomseed(os.time())
end

function request()
  -- What a client asks after the last signature.
  local number = math.random() < misses and "2" or "1"
  return wrk.format("GET", paths[math.random(#paths)] .. number)
end
