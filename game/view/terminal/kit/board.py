"""The board in characters, with what is laid over it: arrows, pushes, shades, the trail, the agent and the cursor."""

from __future__ import annotations

import numpy as np
from rich.color import Color
from rich.style import Style

from game.view.shared.hues import legend as hue_legend
from game.view.shared.overlays import Overlays
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.ground import Ground
from game.view.terminal.kit.look import Look
from game.view.terminal.kit.scale import PLAIN_SCALES, SCALES, Camera
from game.view.terminal.kit.scene import Scene
from game.world.catalog import World

#: Most steps of a trail.
LONGEST_TRAIL = 1000
UNDERLINED, REVERSED = Style(underline=True), Style(reverse=True)
#: What small cells say instead of numbers.
SHARES = "small cells: 0 the lowest, 99 the highest"


class Board:
    """Draws the board of a world; needs a world with a layout."""

    def __init__(self, world: World, overlays: Overlays | None = None) -> None:
        layout = world.dynamics.layout
        assert layout is not None
        self.world, self.layout = world, layout
        self.overlays = overlays or Overlays()
        self.camera = Camera(layout)
        self.origin = (0, 0)
        self._ground = Ground(world, layout, self.overlays, self.camera)

    def legend(self) -> tuple[str, ...]:
        """What is shown, in words, the longest first."""
        visits = "visits" in self.overlays.choice
        if self.overlays.chosen == "policy" and self.camera.scale.half:
            return hue_legend(self.world.dynamics.actions, visits)
        words = self.overlays.legend()
        if self.overlays.chosen == "policy":
            if self.camera.scale.height > 3:
                return words
            pale = " · pale: never visited" * visits
            if self.camera.scale.height == 2:
                return (
                    f"most probable action and its probability in %{pale} · dot: all alike",
                    "most probable action and its probability in %",
                    "most probable action, in %",
                )
            return (
                f"arrow: most probable action · bold and blue: sure{pale} · dot: all alike",
                f"the most probable action · bold: sure{pale}",
                "most probable action · bold: sure",
            )
        if self.overlays.chosen in ("credit", "exact credit", "wrong way"):
            return tuple(text.replace("filled", "+").replace("hollow", "−") for text in words)
        if self.overlays.chosen in ("values", "action values") and self.camera.scale.height < 3:
            return (f"{words[-1]} · {SHARES}", *words)
        return words

    def cell_at(self, x: int, y: int) -> tuple[int, int] | None:
        """The cell at a character of the area drawn last; None beside the board."""
        return self.camera.cell(x - self.origin[0], y - self.origin[1])

    def state_at(self, cell: tuple[int, int], state: int) -> int | None:
        """The state of a cell with the coins that are left in ``state``; None in walls."""
        found = int(self.layout.cell_states[self.layout.coin_set(state)][cell])
        return found if found >= 0 else None

    def draw(self, width: int, height: int, look: Look, scene: Scene) -> Grid:
        """The board in the middle of ``width`` by ``height`` characters, or the part of it around the focus."""
        state = int(scene.passed[-1]) if len(scene.passed) else int(np.argmax(self.world.dynamics.start))
        here = tuple(self.layout.position[state].tolist())
        self.camera.scales = SCALES if look.colour and look.unicode else PLAIN_SCALES
        self.camera.place(width, height, scene.cursor or here)
        if scene.snapshot is not None:
            self.overlays.see(scene.snapshot)
        used = self.camera.size()
        self.origin = ((width - used[0]) // 2, 0)
        grid = Grid(width, height, look)
        grid.lay(*self.origin, self._ground.draw(used, look, scene, self.layout.coin_set(state)))
        if self.overlays.chosen not in ("visits", "values", "action values"):
            self._draw_trail(grid, scene)
        if len(scene.passed):
            self._draw_agent(grid, here, "person" if scene.person else "policy")
        if scene.cursor is not None:
            self._draw_cursor(grid, scene.cursor)
        return grid

    # -- the agent's way --------------------------------------------------------------------------------------

    def _draw_trail(self, grid: Grid, scene: Scene) -> None:
        look = grid.look
        passed = {int(state) for state in scene.passed[-LONGEST_TRAIL:-1]}
        passed_by = look.style("ink", "person_soft" if scene.person else "policy_pale")
        tint = Style(bgcolor=passed_by.bgcolor) if look.colour else UNDERLINED
        for cell in {tuple(place) for place in self.layout.position[sorted(passed)].tolist()}:
            if self.camera.scale.half:
                self._paint_half(grid, cell, "person_soft" if scene.person else "policy_trail")
            else:
                self._tint(grid, cell, tint)

    def _draw_agent(self, grid: Grid, cell: tuple[int, ...], ink: str) -> None:
        camera, look = self.camera, grid.look
        at = camera.corner(cell[0], cell[1])
        if at is None:
            return
        if camera.scale.half:
            self._paint_half(grid, cell, ink)
            return
        x, y = at[0] + self.origin[0], at[1] + self.origin[1]
        scale, theme = camera.scale, look.theme
        style = look.painted(theme.paper, getattr(theme, ink), True) if look.colour else Style(reverse=True, bold=True)
        if scale.height < 3:
            grid.put(x, y, "@" if scale.width == 1 else "@ " if scale.width == 2 else " @ ", style)
        else:
            grid.put(x + (scale.width - 2) // 2 - 1, y + (scale.height - 1) // 2, " @ ", style)

    def _paint_half(self, grid: Grid, cell: tuple[int, ...], colour: str) -> None:
        """Paint one of the two cells of a character."""
        at = self.camera.corner(cell[0], cell[1])
        if at is None:
            return
        x, y = at[0] + self.origin[0], at[1] + self.origin[1]
        if 0 <= y < grid.height and 0 <= x < grid.width:
            letter, style = grid.rows[y][x]
            paint = Color.from_rgb(*getattr(grid.look.theme, colour))
            below = (cell[0] - self.camera.top) % 2
            grid.rows[y][x] = (letter, style + (Style(bgcolor=paint) if below else Style(color=paint)))

    def _draw_cursor(self, grid: Grid, cell: tuple[int, int]) -> None:
        """Corners around a large cell; a small one is reversed."""
        scale, at = self.camera.scale, self.camera.corner(*cell)
        if scale.height <= 3 or at is None:
            self._tint(grid, cell, REVERSED)
            return
        x, y = at[0] + self.origin[0], at[1] + self.origin[1]
        right, bottom = x + scale.width - 2, y + scale.height - 2
        corners = "┌┐└┘" if grid.look.unicode else "++++"
        ink = Style(color=grid.look.style("person").color, bold=True)
        for sign, (left, top) in zip(corners, ((x, y), (right, y), (x, bottom), (right, bottom)), strict=True):
            if 0 <= top < grid.height and 0 <= left < grid.width:
                grid.rows[top][left] = (sign, grid.rows[top][left][1] + ink)

    def _tint(self, grid: Grid, cell: tuple[int, ...], tint: Style) -> None:
        """Change the style of all characters of a cell."""
        at = self.camera.corner(cell[0], cell[1])
        if at is None:
            return
        scale = self.camera.scale
        x, y = at[0] + self.origin[0], at[1] + self.origin[1]
        for row in grid.rows[max(0, y) : y + scale.height - (scale.height > 3)]:
            for column in range(max(0, x), min(x + scale.width - (scale.width > 2), grid.width)):
                letter, style = row[column]
                row[column] = (letter, style + tint)
