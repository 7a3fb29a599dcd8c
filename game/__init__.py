"""The game: levels, their dynamics, the grid world, the match and the views; it knows no agent.

Importing it registers the grid world with Gymnasium, by name only: nothing of the game is loaded before
``gymnasium.make("arrowgrad/GridWorld-v0", level=...)`` asks for it.
"""

from gymnasium.envs.registration import register, registry

if "arrowgrad/GridWorld-v0" not in registry:
    register("arrowgrad/GridWorld-v0", entry_point="game.env.grid_world:GridWorld")
