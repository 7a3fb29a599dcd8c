"""The window in which a run is looked back on."""
