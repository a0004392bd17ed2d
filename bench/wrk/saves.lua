-- Saves: in the file the head of each sitting's request up to the value of Content-Length, and, after a unit separator, the
-- public ids of its questions (16 letters each). Every sitting in turn, its sequence numbers rising.

local heads, versions, at, sequence = {}, {}, 0, 0
local sub, ID = string.sub, 16

function init(args)
  accepted, sequence = args[2], tonumber(args[3])
  for number, record in ipairs(records(args[1])) do
    local parts = pieces(record .. "\31", "\31")
    heads[number], versions[number] = parts[1], parts[2]
  end
end

function request()
  at = at + 1
  if at > #heads then
    at, sequence = 1, sequence + 1
  end
  local ids = versions[at]
  local item = sequence % (#ids / ID)
  local body = '{"rows":[{"k":"answer","i":' .. item .. ',"v":"' .. sub(ids, item * ID + 1, item * ID + ID) ..
    '","p":[' .. (sequence + at) % 4 .. '],"t":1790000000000,"n":' .. sequence .. '}]}'
  return heads[at] .. #body .. "\r\n\r\n" .. body
end
