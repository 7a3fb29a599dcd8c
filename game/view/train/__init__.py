"""The window of training."""
