"""What every window has: a display, a pen, a loop."""
