"""The app in characters, screen by screen."""
