"""What runs and policies say when they are put side by side: evaluations, comparisons, curves."""
