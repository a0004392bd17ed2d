-- Requests as they stand in the file, one after another. Argument 4, "once": none of them twice.

local requests, at, once = {}, 0, false

function init(args)
  requests, accepted, once = records(args[1]), args[2], args[4] == "once"
end

function request()
  at = at + 1
  if at > #requests then
    if once then ran_out = ran_out + 1 end
    at = 1
  end
  return requests[at]
end
