"""The agent: a torch policy, REINFORCE, and the exact quantities to hold its estimates against."""
