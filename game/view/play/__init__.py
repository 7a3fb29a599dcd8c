"""The window of a match."""
