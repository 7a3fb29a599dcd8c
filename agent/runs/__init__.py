"""What of a run is kept on disk, and how one goes on with it."""
