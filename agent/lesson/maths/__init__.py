"""What the pages of the lesson compute."""
