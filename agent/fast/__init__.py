"""The same walk in machine code."""
