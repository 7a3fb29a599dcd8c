"""REINFORCE, readable: on one page in ``reinforce.py``, then policy, rollout, credit, batch and step one by one."""
