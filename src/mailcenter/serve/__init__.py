"""Our asyncio daemons: the only place that joins the wire to the policy."""
