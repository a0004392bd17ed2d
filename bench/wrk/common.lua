-- Shared by the scripts of the bench. wrk gives every thread its own copy; the last function tells what all of them saw.
-- Arguments: file of requests, text that every right answer holds ("" for none), first sequence number.

local SEPARATOR, threads = "\30", {}

function setup(thread)
  table.insert(threads, thread)
end

-- The pieces of `text` between separators.
function pieces(text, separator)
  local found, from = {}, 1
  while true do
    local to = string.find(text, separator, from, true)
    if not to then return found end
    found[#found + 1] = string.sub(text, from, to - 1)
    from = to + 1
  end
end

function records(name)
  local file = assert(io.open(name, "rb"))
  local text = file:read("*a")
  file:close()
  return pieces(text, SEPARATOR)
end

good, bad, ran_out, example = 0, 0, 0, ""
accepted = ""

function response(status, _headers, body)
  if status == 200 and (accepted == "" or string.find(body, accepted, 1, true)) then
    good = good + 1
  else
    if bad == 0 then example = status .. " " .. string.sub(string.gsub(body, '[^%w ,.:;{}_/-]', "'"), 1, 200) end
    bad = bad + 1
  end
end

function done(summary, latency, _requests)
  local goods, bads, outs, first = 0, 0, 0, ""
  for _, thread in ipairs(threads) do
    goods, bads, outs = goods + thread:get("good"), bads + thread:get("bad"), outs + thread:get("ran_out")
    if first == "" then first = thread:get("example") end
  end
  local e = summary.errors
  io.write(string.format(
    '\nBENCH {"good":%d,"bad":%d,"broken":%d,"ran_out":%d,"seconds":%.6f,"p50":%.3f,"p99":%.3f,"example":"%s"}\n',
    goods, bads, e.connect + e.read + e.write + e.timeout, outs, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, first))
end
