"""The editor of a world, wherever one edits: what a stroke does, and what is best in the world as it now is."""
