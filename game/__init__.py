"""The game: levels, their dynamics, the grid world, the match and the views; it knows no agent.

Importing it registers the grid world with Gymnasium, by name only: nothing of the game is loaded before
``gymnasium.make("arrowgrad/GridWorld-v0", level=...)`` asks for it.
"""

from gymnasium.envs.registration import WrapperSpec, register, registry

#: What ``gymnasium.make`` calls last: the specification then shows the level's cap.
WITHIN_CAP = WrapperSpec("within_cap", f"{__name__}.env.cap:within_cap", {})

if "arrowgrad/GridWorld-v0" not in registry:
    register(
        "arrowgrad/GridWorld-v0",
        entry_point=f"{__name__}.env.grid_world:GridWorld",
        additional_wrappers=(WITHIN_CAP,),
    )
