"""Everything as plain lines, where there is neither a window nor a terminal."""
