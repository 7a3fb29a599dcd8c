"""What is done to the program to make it fall: each part counts what it tried, and names what did not survive."""
