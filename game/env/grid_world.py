"""The grid world as an environment: state, reward and step, in Gymnasium's form."""

from __future__ import annotations

import os
from functools import cached_property
from operator import index
from typing import TYPE_CHECKING, Any, ClassVar, SupportsIndex

import gymnasium
import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.spaces import Discrete
from numpy.typing import NDArray

from game.errors import ArrowgradError
from game.world.catalog import DEFAULT_LEVEL, World, load
from game.world.dice import pick
from game.world.level import may_start

if TYPE_CHECKING:
    from game.env.picture import BoardImage
    from game.env.window import EnvWindow


#: P[state][action]: (probability, next state, reward, terminated) of each outcome, as toy-text environments hold it.
Outcomes = dict[int, dict[int, list[tuple[float, int, float, bool]]]]


class GridWorld(gymnasium.Env[Any, Any]):  # states and actions are plain ints; Discrete calls them numpy integers
    """A world to act in, one step at a time.

    ``state`` is the number of the current state, ``reward`` what the last step paid (0.0 after a reset).
    ``level`` is the name of a shipped level, the path of a level file, or a :class:`~game.world.catalog.World`.

    Every choice of the world is one uniform of ``np_random``: the start in ``reset`` (none where the start is
    given), then one in each ``step``.  The level's own cap truncates an episode; ``terminated`` and ``truncated``
    are never both true.

    An environment can be pickled and copied in the middle of an episode, which goes on alike in both; the copy opens
    a window of its own.
    """

    metadata: ClassVar[dict[str, Any]] = {"render_modes": ["human", "rgb_array", "ansi"], "render_fps": 8}  # type: ignore[misc]

    def __init__(
        self,
        level: str | os.PathLike[str] | World = DEFAULT_LEVEL,
        render_mode: str | None = None,
        *,
        slip: float | None = None,
        step_reward: float | None = None,
        discount: float | None = None,
        max_steps: int | None = None,
    ) -> None:
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            known = ", ".join(self.metadata["render_modes"])
            raise ArrowgradError(f"unknown render_mode '{render_mode}'; expected one of {known}")
        world = level if isinstance(level, World) else load(os.fspath(level))
        self.world = world.with_options(discount, max_steps, slip, step_reward)
        self.dynamics = self.world.dynamics
        if self.dynamics.layout is None and render_mode in ("human", "rgb_array"):
            raise ArrowgradError(f"{self.world.name} has no grid to draw; expected render_mode ansi or none")
        self.observation_space = Discrete(self.dynamics.n_states)
        self.action_space = Discrete(self.dynamics.n_actions)
        self.render_mode = render_mode
        self.state: int | None = None
        self.reward = 0.0
        self._steps = 0
        self._over = True
        self._image: BoardImage | None = None
        self._window: EnvWindow | None = None

    @cached_property
    def P(self) -> Outcomes:  # noqa: N802, the name that courses know
        """P[state][action] = [(probability, next state, reward, terminated), …]: Pt of (12), built when asked for.

        Equal outcomes are merged, impossible ones left out; a state that episodes end in is a loop without reward.
        It has no cap: see ``spec.max_episode_steps``.
        """
        d = self.dynamics
        tables = (table.tolist() for table in (d.probability, d.next_state, d.reward, d.ends))
        return {
            s: {a: [row for row in zip(*rows, strict=True) if row[0] > 0.0] for a, rows in enumerate(actions)}
            for s, actions in enumerate(map(lambda *of: list(zip(*of, strict=True)), *tables))
        }

    @property
    def initial_state_distrib(self) -> NDArray[np.float64]:
        """(S,) float64: P0 of (12), under the name that toy-text environments have for it."""
        return self.dynamics.start

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Begin an episode; returns the first state and its probability P0 as ``start_probability``.

        ``options={"start": (row, column)}`` begins in a cell instead, counted from 0 at the top left, with all
        coins left.  Raises :class:`~game.errors.ArrowgradError` where no episode can begin there.
        """
        super().reset(seed=seed)
        start = self._asked_start(options or {})
        state = pick(self.dynamics.start_cdf, self._uniform()) if start is None else start
        self.state, self.reward, self._steps, self._over = state, 0.0, 0, False
        if self.render_mode == "human":
            self._show(pace=False)
        return state, {"start_probability": float(self.dynamics.start[state])}

    def step(self, action: SupportsIndex) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Act; returns (state, reward, terminated, truncated, info).

        ``info`` holds ``transition_probability``, the Pt of what happened with equal outcomes added up, and
        ``goal``, whether a goal was reached.  Raises Gymnasium's ``ResetNeeded`` where no episode is running, and
        :class:`~game.errors.ArrowgradError` for an action that there is not.
        """
        if self.state is None or self._over:
            raise ResetNeeded("no episode is running; expected reset() before step()")
        dynamics = self.dynamics
        here = self.state, self._checked_action(action)
        happened = *here, pick(dynamics.outcome_cdf[here], self._uniform())
        self.state, self.reward = int(dynamics.next_state[happened]), float(dynamics.reward[happened])
        self._steps += 1
        terminated = bool(dynamics.ends[happened])
        truncated = not terminated and self._steps >= dynamics.max_steps
        self._over = terminated or truncated
        if self.render_mode == "human":
            self._show(pace=True)
        info = {
            "transition_probability": float(dynamics.probability[happened]),
            "goal": bool(dynamics.goal[happened]),
        }
        return self.state, self.reward, terminated, truncated, info

    def render(self) -> str | NDArray[np.uint8] | None:
        """The board as text (``ansi``) or as a picture (``rgb_array``); a window shows it by itself (``human``).

        The text is the level's map, a letter a cell, as ``desc`` of toy-text environments is, with ``@`` for the agent
        and floor where a coin was taken; a world without a grid names its state.
        """
        if self.render_mode is None:
            gymnasium.logger.warn("render() needs a render_mode; expected gymnasium.make(..., render_mode='ansi')")
            return None
        if self.state is None:
            raise ResetNeeded("no episode has begun; expected reset() before render()")
        if self.render_mode == "ansi":
            return self._map()
        if self.render_mode == "human":
            self._show(pace=False)
            return None
        return self._picture()

    def __getstate__(self) -> dict[str, Any]:
        """All but what is drawn with, and P, which can be built again."""
        return {name: value for name, value in vars(self).items() if name != "P"} | {"_image": None, "_window": None}

    def close(self) -> None:
        """Close the window, if there is one."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def _uniform(self) -> float:
        return float(self.np_random.random())

    def _checked_action(self, action: SupportsIndex) -> int:
        try:
            number = index(action)
        except TypeError:
            number = -1
        if not 0 <= number < self.dynamics.n_actions:
            names = ", ".join(f"{i} {name}" for i, name in enumerate(self.dynamics.actions))
            raise ArrowgradError(f"there is no action {action!r}; expected one of {names}")
        return number

    def _asked_start(self, options: dict[str, Any]) -> int | None:
        """The state that ``options`` ask to begin in, None where they ask for none."""
        unknown = sorted(str(key) for key in options if key != "start")
        if unknown:
            raise ArrowgradError(f"unknown option '{unknown[0]}' of reset; expected start")
        start = options.get("start")
        if start is None:
            return None
        layout = self.dynamics.layout
        if layout is None:
            raise ArrowgradError(f"{self.world.name} has no cells to start in; expected reset without a start")
        try:
            row, column = (index(place) for place in start)
        except (TypeError, ValueError):
            raise ArrowgradError(f"start is {start!r}; expected (row, column)") from None
        if not (0 <= row < layout.height and 0 <= column < layout.width):
            rows, columns = layout.height - 1, layout.width - 1
            raise ArrowgradError(f"start ({row}, {column}) lies outside; expected rows 0–{rows}, columns 0–{columns}")
        tile = layout.tile(row, column)
        if not may_start(tile):
            raise ArrowgradError(f"no episode can start at ({row}, {column}), {tile.name}; expected a cell to stand on")
        return int(layout.cell_states[0, row, column])

    def _map(self) -> str:
        """The map in the current state, a letter a cell."""
        assert self.state is not None
        layout = self.dynamics.layout
        if layout is None:
            return f"state {self.state} of {self.dynamics.n_states}"
        letters = [list(row) for row in layout.rows]
        for row, column in layout.coins[layout.taken[self.state]]:
            letters[row][column] = "."
        row, column = layout.position[self.state]
        letters[row][column] = "@"
        return "\n".join(map("".join, letters))

    def _picture(self) -> NDArray[np.uint8]:
        """(height, width, 3) uint8: the board in the current state."""
        assert self.state is not None
        if self._image is None:
            from game.env.picture import BoardImage

            assert self.dynamics.layout is not None
            self._image = BoardImage(self.dynamics.layout, size=512)
        return self._image.draw(self.state)

    def _show(self, pace: bool) -> None:
        if self._window is None:
            from game.env.window import EnvWindow

            self._window = EnvWindow(self.world.title, self.metadata["render_fps"])
        self._window.show(self._picture(), pace)
