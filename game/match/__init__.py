"""A person against a policy: the rules, the clock, the record."""
