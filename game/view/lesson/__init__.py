"""The window of the lesson."""
