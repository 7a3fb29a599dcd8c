"""What every medium says alike, with no toolkit."""
