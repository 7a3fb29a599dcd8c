"""REINFORCE, readable, in the order of the lecture: policy, rollout, credit, batch, step."""
