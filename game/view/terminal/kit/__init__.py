"""What the screens of the terminal's app are made of."""
