"""Moving pictures: time lapses of a run, and a window's last seconds."""
