"""The match in the terminal: two boards side by side or one above the other, the score, and what is said."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual import events

from game.keys import Screen as Table
from game.snapshots.snapshot import Trajectory
from game.view.play.contest import Contest
from game.view.play.model import PlayModel
from game.view.play.words import RULE, how_far, sign_of
from game.view.shared.numbers import number
from game.view.terminal.chooser import LevelList
from game.view.terminal.kit.board import Board
from game.view.terminal.kit.grid import Grid
from game.view.terminal.kit.keybar import draw_bar, legend_words
from game.view.terminal.kit.look import Ground, Ink, Look
from game.view.terminal.kit.rules import rules_lines
from game.view.terminal.kit.scale import PLAIN_SCALES, SCALES, Camera
from game.view.terminal.kit.scene import Scene
from game.view.terminal.layout import Rect
from game.view.terminal.match_cards import draw_handicap, draw_review, draw_score, draw_verdict
from game.view.terminal.model_view import ModelView
from game.world.dynamics import Layout

HEAD, CARD = 2, 3
#: From so many lines on there is room for what the tiles do.
LEGEND_FROM = 24
NAMES = ("You", "Policy")
INKS: tuple[Ink, Ink] = ("person", "policy")


class PlayView(ModelView[PlayModel]):
    """Shows a match, and what lies over it."""

    table: ClassVar[Table] = "play"
    title_of_help = "The keys of the match"

    def __init__(self, model: PlayModel) -> None:
        super().__init__(model)
        self._boards: tuple[Board, Board] | None = None
        self._boards_of: object = None
        self._list: LevelList | None = None

    # -- time, keys and the mouse -------------------------------------------------------------------------

    def advance(self, seconds: float) -> None:
        """Let the match go on; under the help only what is fetched goes on."""
        super().advance(seconds if self.is_uppermost else 0.0)

    def act(self, action: str, name: str) -> None:
        """Do what a key says."""
        if action == "sound":
            self.model.say("There are no sounds in the terminal: they are the window's.")
        else:
            super().act(action, name)

    def typed(self, character: str) -> None:
        """Say that a key means nothing."""
        self.model.typed(character)

    @property
    def levels(self) -> LevelList | None:
        """The levels, drawn, while one is chosen."""
        found = self.model.choice
        if found is None:
            self._list = None
        elif self._list is None or self._list.levels is not found:
            self._list = LevelList(found)
        return self._list

    def on_click(self, event: events.Click) -> None:
        """Select a level, and choose it when it is."""
        if self.levels is not None:
            index = self.levels.level_at(int(event.screen_x), int(event.screen_y), self.host.size.width)
            if index is not None and index == self.levels.levels.selected:
                self.model.choose()
            elif index is not None:
                self.levels.levels.selected = index
            self.changed = True

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """The next level."""
        self._scroll("down")

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """The level before."""
        self._scroll("up")

    def _scroll(self, action: str) -> None:
        if self.model.choice is not None:
            self.act(action, "")

    # -- what is shown ------------------------------------------------------------------------------------

    def draw(self, width: int, height: int) -> Iterator[tuple[str, int, int, Grid]]:
        """The match, or that it is being fetched."""
        model, contest, look = self.model, self.model.contest, self.look
        if self.levels is not None:
            yield from self.levels.draw(width, height, look)
            return
        foot = Grid(width, 1, look)
        draw_bar(foot, 0, self.table, width)
        yield "foot", 0, height - 1, foot
        told = self._told(width, height)
        field = Rect(0, HEAD + len(told), width, max(1, height - HEAD - len(told) - CARD - 1))
        if contest is None or model.loading is not None:
            yield "left", 0, 0, self._draw_loading(width, height - 1)
            return
        yield "head", 0, 0, self._draw_head(contest, width, told)
        yield "card", 0, height - 1 - CARD, self._draw_card(contest, width)
        if model.review is not None:
            played, task = model.review.round, model.review.task
            review = draw_review(field.width, field.height, look, contest, played, task)
            yield "left", field.x, field.y, review
            return
        places = arrange(field, contest.dynamics.layout, look)
        for index, (name, place) in enumerate(zip(("left", "right"), places, strict=True)):
            yield name, place.x, place.y, self._draw_side(contest, index, place)

    def _draw_loading(self, width: int, height: int) -> Grid:
        grid = Grid(width, height, self.look)
        seconds = self.model.loading.seconds if self.model.loading is not None else 0.0
        words = f"{self.model.message()} {'.' * (1 + int(seconds * 2.5) % 3)}"
        grid.put(max(0, (width - len(words)) // 2), height // 2, words, self.look.style(bold=True), width)
        return grid

    def _told(self, width: int, height: int) -> list[str]:
        """The world's rules, and where there is room what its tiles do."""
        if self.model.contest is None:
            return []
        dynamics = self.model.contest.dynamics
        lines = rules_lines(dynamics, width, height)
        if height >= LEGEND_FROM and dynamics.layout is not None:
            legend = "   ".join(legend_words(dynamics.layout, self.look))
            lines += [line.replace("\u00a0", " ") for line in textwrap.wrap(legend, width)[:2]]
        return lines

    def _draw_head(self, contest: Contest, width: int, told: Sequence[str]) -> Grid:
        grid, look = Grid(width, HEAD + len(told), self.look), self.look
        for y, words in enumerate(told, start=HEAD):
            grid.put(0, y, words, look.style(), width)
        end = grid.put(0, 0, contest.opponent.world.title, look.style(bold=True), width)
        label = f"you against {contest.opponent.label}"
        if end + 2 + cell_len(label) <= width:
            grid.right(width, 0, label, look.style("quiet"))
        draw_score(grid, 1, contest)
        return grid

    def _draw_card(self, contest: Contest, width: int) -> Grid:
        grid, match, look = Grid(width, CARD, self.look), contest.match, self.look
        if self.model.handicap is not None:
            draw_handicap(grid, self.model.handicap)
        elif match.current.over:
            draw_verdict(grid, contest, self.model.review is not None)
        else:
            grid.put(0, 1, self.model.message(), look.style(bold=True), width)
            clock = contest.clock
            if clock is not None and clock.countdown > 0.0:
                grid.put(0, 2, f"{clock.countdown:.0f} …", look.style("person", bold=True))
            elif clock is not None and contest.hint and clock.left is not None:
                grid.put(0, 2, RULE, look.style("quiet"), width)
        return grid

    def _draw_side(self, contest: Contest, index: int, room: Rect) -> Grid:
        """Who plays here, how far they are, their return, and their board."""
        look, grid = self.look, Grid(room.width, room.height, self.look)
        played = contest.match.current
        trajectory = (played.person, played.policy)[index]
        strong, quiet = look.style(INKS[index], bold=True), look.style("quiet")
        end = grid.put(0, 0, NAMES[index], strong) + 2
        sign = sign_of(contest.match, index)
        if sign:
            ground: Ground = "policy_pale" if index else "person_soft"
            end = grid.put(end, 0, f" {sign} ", look.style(INKS[index], ground, True)) + 1
        left = grid.right(room.width - 1, 0, number(trajectory.total_return(contest.dynamics.discount), 3), strong)
        if left - 8 > end:
            left = grid.right(left - 1, 0, "return", quiet)
        words = next((text for text in how_far(contest, index) if cell_len(text) <= left - end - 1), "")
        grid.put(end, 0, words, quiet)
        grid.lay(0, 1, self._draw_board(contest, index, trajectory, room))
        return grid

    def _draw_board(self, contest: Contest, index: int, trajectory: Trajectory, room: Rect) -> Grid:
        state = int(trajectory.states[-1])
        if contest.dynamics.layout is None:
            grid = Grid(room.width, room.height - 1, self.look)
            grid.put(2, 1, f"in state {state}", self.look.style(INKS[index], bold=True))
            return grid
        if self._boards is None or self._boards_of is not contest.opponent.world:
            self._boards_of = contest.opponent.world
            self._boards = (Board(contest.opponent.world), Board(contest.opponent.world))
        scene = Scene(None, self.model.arrows() if index else None, trajectory.states, person=index == 0)
        return self._boards[index].draw(room.width - 1, room.height - 1, self.look, scene)


def arrange(field: Rect, layout: Layout | None, look: Look) -> tuple[Rect, Rect]:
    """The places of both boards, with a line above each: side by side unless one above the other makes cells larger."""
    half = (field.width - 2) // 2
    beside = (Rect(0, field.y, half, field.height), Rect(field.width - half, field.y, half, field.height))
    rows = field.height // 2
    below = (Rect(0, field.y, field.width, rows), Rect(0, field.y + rows, field.width, field.height - rows))
    if layout is None:
        return beside

    def fit(room: Rect) -> tuple[bool, int]:
        camera = Camera(layout, SCALES if look.colour and look.unicode else PLAIN_SCALES)
        camera.place(room.width - 1, room.height - 1, (0, 0))
        return not camera.partial, camera.scale.width

    return below if fit(below[0]) > fit(beside[0]) else beside
