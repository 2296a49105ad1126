-- When the cluster's name moves to another address, HAProxy sends new sessions there and leaves the old ones where
-- they are: at an instance that may live on as a reader. This cuts them, so that their clients connect again.
core.register_task(function()
  local server, known = core.backends["cluster"].servers["database"], nil
  while true do
    local now = server:get_addr()
    if now:match("^%d") then -- and not "<unknown>": without an address it has no sessions
      if known and now ~= known then server:shut_sess() end
      known = now
    end
    core.msleep(200)
  end
end)
