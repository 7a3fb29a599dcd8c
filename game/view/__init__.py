"""Views draw snapshots: windows (pygame), terminal (rich) and files.  None of them knows the trainer."""
