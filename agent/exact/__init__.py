"""The truth beside every estimate: J, V, Q and the exact gradient."""
