-- When the cluster's name moves to another address, HAProxy sends new sessions there and leaves the old ones where
-- they are: at an instance that may live on as a reader. This cuts them, so that their clients connect again.
core.register_task(function()
  local servers, known = core.backends["cluster"].servers, {}
  while true do
    for _, name in ipairs({ "database", "overflow" }) do
      local server = servers[name]
      local now = server:get_addr()
      if now:match("^%d") then -- and not "<unknown>": without an address it has no sessions
        if known[name] and now ~= known[name] then server:shut_sess() end
        known[name] = now
      end
    end
    core.msleep(200)
  end
end)
