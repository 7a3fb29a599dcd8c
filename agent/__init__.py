"""The agent: REINFORCE, the exact numbers beside it, runs on disk, studies and the lesson; it knows no view."""
