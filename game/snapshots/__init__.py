"""The frozen values that cross from learning to looking, and the protocols of their sources."""
