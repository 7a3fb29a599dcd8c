"""The grid world as an environment of Gymnasium: state, reward, step, and its picture."""
