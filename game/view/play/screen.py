"""The screen of a match: two boards, both returns, the score, and what is said."""

from __future__ import annotations

import pygame

from game.match.match import Outcome
from game.snapshots.snapshot import Trajectory
from game.view.draw.keybar import bar_height, draw_bar
from game.view.draw.legend import Entry, draw_legend, legend_lines, line_height
from game.view.draw.pen import Pen
from game.view.draw.rules import rules_lines
from game.view.play.clock import draw_clock, draw_tempo
from game.view.play.handicap_slider import HandicapSlider
from game.view.play.layout import MatchLayout, big_style, match_layout
from game.view.play.marks import accent, area_colour, draw_mark, draw_pill
from game.view.play.model import PlayModel
from game.view.play.review_panel import MatchReview
from game.view.play.side import Side
from game.view.play.words import how_far, marks, means, round_number, score, sign_of, tally, tempo, verdict
from game.view.shared.numbers import number
from game.view.shared.theme import Colour

#: More lines about tiles than these would take the boards their room; the help has the rest.
MOST_LEGEND = 2


class MatchScreen:
    """Draws one contest of a model."""

    def __init__(self, model: PlayModel) -> None:
        assert model.contest is not None
        contest = model.contest
        self.model, self.contest = model, contest
        self._review: MatchReview | None = None
        self._slider: HandicapSlider | None = None
        layout = contest.dynamics.layout
        # A world without a grid has no boards; its states are named instead.
        self.sides = tuple(Side(contest.dynamics, layout) for _ in range(2)) if layout is not None else ()
        self._shape = (layout.height, layout.width) if layout is not None else (1, 4)
        self._placed_for: tuple[tuple[int, int], object] | None = None
        self._layout: MatchLayout
        self._rules: list[str] = []
        self._legend: list[list[Entry]] = []
        self._big: Pen

    @property
    def review(self) -> MatchReview | None:
        """The round that is looked back on, drawn."""
        found = self.model.review
        if found is None:
            self._review = None
        elif self._review is None or self._review.task is not found.task:
            self._review = MatchReview(self.contest, found.round, found.task)
        return self._review

    @property
    def handicap(self) -> HandicapSlider | None:
        """The slider while an earlier policy is being chosen."""
        found = self.model.handicap
        if found is None:
            self._slider = None
        elif self._slider is None or self._slider.handicap is not found:
            self._slider = HandicapSlider(found)
        return self._slider

    def update(self, seconds: float) -> bool:
        """Move both agents on; False when they had arrived."""
        if self.review is not None:
            return False
        moved = [side.follow(now, seconds) for side, now in zip(self.sides, self._trajectories(), strict=False)]
        return any(moved)

    def draw(self, surface: pygame.Surface, pen: Pen) -> None:
        """Draw the whole screen."""
        self._place(surface.get_size(), pen)
        self._big.written = pen.written
        layout, theme = self._layout, pen.style.theme
        surface.fill(theme.paper)
        self._draw_header(surface, pen, layout.header)
        if self.review is not None:
            self.review.draw(surface, pen, layout.field)
        else:
            self._draw_sides(surface, pen)
        if self.handicap is not None:
            self.handicap.draw(surface, pen, layout.card, layout.bar)
            return
        self._draw_card(surface, pen, layout.card)
        draw_bar(surface, pen, "play", layout.bar)
        if self.contest.clock is not None and not self.contest.person_has_ended:
            board, person = self._persons_place()
            draw_clock(surface, self._big, self.contest.clock, board, person, layout.card)

    def _draw_sides(self, surface: pygame.Surface, pen: Pen) -> None:
        layout, theme = self._layout, pen.style.theme
        colours = (theme.person, theme.policy)
        for index, trajectory in enumerate(self._trajectories()):
            self._draw_head(surface, pen, index, trajectory, colours[index])
            if self.sides:
                self.sides[index].draw(surface, trajectory, colours[index], self.model.arrows() if index == 1 else None)
                if self._won(index):
                    self.sides[index].frame(surface, colours[index], pen.style.px(4))
            else:
                area, state = layout.boards[index], int(trajectory.states[-1])
                pen.text(surface, f"in state {state}", area.center, "center", "title", colours[index])

    def _persons_place(self) -> tuple[pygame.Rect, tuple[float, float]]:
        """The person's board, and the pixel in it where the person is."""
        if not self.sides:
            return self._layout.boards[0], self._layout.boards[0].center
        board = self.sides[0].board
        row, column = board.layout.position[self.contest.match.current.person.states[-1]].tolist()
        return board.rect, board.centre(row, column)

    def _trajectories(self) -> tuple[Trajectory, Trajectory]:
        current = self.contest.match.current
        return current.person, current.policy

    def _place(self, size: tuple[int, int], pen: Pen) -> None:
        if self._placed_for == (size, pen.style):
            return
        self._big = Pen(big_style(size, pen.style))
        self._placed_for = (size, pen.style)
        self._rules = rules_lines(pen, self.contest.dynamics, size, pen.style.px(24))
        width = size[0] - 2 * pen.style.px(24)
        self._legend = legend_lines(pen, self.contest.dynamics.layout, width, MOST_LEGEND)
        rules_height = len(self._rules) * pen.height() + len(self._legend) * line_height(pen)
        self._layout = match_layout(size, pen.style, self._shape, bar_height(pen), rules_height)
        for side, area in zip(self.sides, self._layout.boards, strict=False):
            side.place(area, pen.style.theme)

    def _outcome(self) -> Outcome | None:
        return self.contest.match.current.outcome(self.contest.dynamics.discount)

    def _won(self, index: int) -> bool:
        return self._outcome() == ("win", "loss")[index]

    def _draw_header(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        title = pen.text(surface, self.contest.opponent.world.title, rect.midleft, "midleft", "title", width=rect.width)
        room = rect.right - title.right - pen.style.px(24)
        label = f"you against {self.contest.opponent.label}"
        pen.text(surface, label, rect.midright, "midright", colour=pen.style.theme.quiet, width=room)
        for k, words in enumerate(self._rules):
            pen.text(surface, words, (self._layout.rules.left, self._layout.rules.top + k * pen.height()))
        below = self._layout.rules.top + len(self._rules) * pen.height() + pen.style.px(3)
        draw_legend(surface, pen, self._legend, (self._layout.rules.left, below))

    def _draw_head(self, surface: pygame.Surface, pen: Pen, index: int, trajectory: Trajectory, colour: Colour) -> None:
        """Who plays here, how far they are, and their return."""
        rect, gap = self._head_rect(index), pen.style.px(9)
        name = self._big.text(surface, ("You", "Policy")[index], rect.midleft, "midleft", "title", colour)
        total = number(trajectory.total_return(self.contest.dynamics.discount), 3)
        value = self._big.text(surface, total, rect.midright, "midright", "title", colour)
        left, right = name.right + gap, value.left - gap
        sign = sign_of(self.contest.match, index)
        if sign:
            left = draw_pill(surface, pen, sign, (left, rect.centery), colour) + gap
        quiet = pen.style.theme.quiet
        if left + pen.width("return") <= right:
            right = pen.text(surface, "return", (right, rect.centery), "midright", colour=quiet).left - gap
        for status in how_far(self.contest, index):
            if left + pen.width(status) <= right:
                pen.text(surface, status, (left, rect.centery), "midleft", colour=quiet)
                break

    def _head_rect(self, index: int) -> pygame.Rect:
        """As wide as the board below, but never so narrow that the words do not fit."""
        head = self._layout.heads[index]
        if not self.sides:
            return head
        board = self.sides[index].board.rect
        width = min(head.width, max(board.width, head.height * 15))
        rect = pygame.Rect(0, head.top, width, head.height)
        rect.centerx = board.centerx
        return rect.clamp(head)

    def _draw_card(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        """The score, what can be attained, and what is said now."""
        theme, match = pen.style.theme, self.contest.match
        outcome = match.result or self._outcome()
        inside = pen.card(surface, rect, area_colour(outcome, theme))
        if outcome is not None:
            pygame.draw.rect(
                surface, accent(outcome, theme), rect, max(2, pen.style.px(2.5)), border_radius=pen.style.px(8)
            )
        top = inside.top + pen.height() // 2
        right = inside.right
        if self.contest.opponent.optimum is not None:
            short = inside.width < self._score_width(pen) + pen.width("best possible on average −0.000") + pen.style.px(
                60
            )
            label = "best possible" if short else "best possible on average"
            right = self._draw_optimum(surface, pen, (inside.right, top), self.contest.opponent.optimum, label)
        self._draw_score(surface, pen, pygame.Rect(inside.left, inside.top, right - inside.left, pen.height()))
        line = self._big.height("title")
        below = pygame.Rect(inside.left, inside.bottom - line, inside.width, line)
        if outcome is not None:
            self._draw_verdict(surface, pen, below)
        else:
            self._draw_message(surface, pen, below)

    def _draw_message(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        """What is said now: large where it fits in one line, else in two lines of text."""
        words = self.model.message()
        if self._big.width(words, "strong") <= rect.width:
            self._big.text(surface, words, rect.midleft, "midleft", "strong")
            return
        lines = pen.wrapped(words, rect.width, 2)
        for k, line in enumerate(lines):
            middle = rect.centery + round((k - (len(lines) - 1) / 2) * pen.height())
            pen.text(surface, line, (rect.left, middle), "midleft")

    def _draw_optimum(self, surface: pygame.Surface, pen: Pen, at: tuple[int, int], optimum: float, label: str) -> int:
        """The best possible expected return, as the dashed green line that stands for it elsewhere too."""
        theme, gap = pen.style.theme, pen.style.px(8)
        value = pen.text(surface, number(optimum, 3), at, "midright", "strong", theme.truth)
        words = pen.text(surface, label, (value.left - gap, at[1]), "midright", colour=theme.quiet)
        dash, thick = pen.style.px(9), max(2, pen.style.px(3))
        for k in (1, 2):
            left = words.left - gap - k * dash - (k - 1) * dash // 2
            pygame.draw.rect(surface, theme.truth, (left, at[1] - thick // 2, dash, thick))
        return words.left - 2 * gap - 3 * dash

    def _score_width(self, pen: Pen) -> int:
        row = len(marks(self.contest.match)) * (pen.height() + pen.style.px(7))
        return (
            pen.width(round_number(self.contest.match), "strong")
            + row
            + pen.width(tally(self.contest.match))
            + pen.style.px(30)
        )

    def _draw_score(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        """The round, a mark for each round, the rounds won, and where there is room the mean returns."""
        match, theme, gap = self.contest.match, pen.style.theme, pen.style.px(10)
        left = (
            pen.text(
                surface, round_number(self.contest.match), rect.midleft, "midleft", "strong", width=rect.width
            ).right
            + gap
        )
        size = pen.height() + pen.style.px(2)
        for outcome in marks(match):
            draw_mark(surface, pen, outcome, pygame.Rect(left, rect.centery - size // 2, size, size))
            left += size + gap // 2
        left += gap // 2
        words = tally(match) if marks(match) else score(match)
        if left + pen.width(words) > rect.right:
            words = f"{match.count('win')} : {match.count('loss')}"
        room = max(0, rect.right - left)
        left = pen.text(surface, words, (left, rect.centery), "midleft", colour=theme.ink, width=room).right
        if self.contest.clock is not None and not self.contest.match.current.over:
            draw_tempo(surface, pen, tempo(self.contest), left + 2 * gap, rect)
            return
        returns = means(match)
        if returns and left + 3 * gap + pen.width(returns) <= rect.right:
            pen.text(surface, returns, (rect.right, rect.centery), "midright", colour=theme.quiet)

    def _draw_verdict(self, surface: pygame.Surface, pen: Pen, rect: pygame.Rect) -> None:
        """Who won, and the key that goes on; what there is to say about a control stands between."""
        theme, gap = pen.style.theme, pen.style.px(10)
        decided = self.contest.match.decided
        outcome, words, onward = verdict(self.contest.match)
        size = self._big.height("title")
        draw_mark(surface, self._big, outcome, pygame.Rect(rect.left, rect.centery - size // 2, size, size))
        width = pen.cap_width("Enter") + gap + pen.width(onward)
        back = "hide" if self.review is not None else "review"
        looking = pen.cap_width("R") + gap + pen.width(back) + 2 * gap
        if self._big.width(words, "title") + size + width + looking + 4 * gap <= rect.width:
            cap = pen.cap(surface, "R", rect.right - width - looking, rect.centery)
            pen.text(surface, back, (cap.right + gap, rect.centery), "midleft")
            limit = cap.left
        else:
            limit = rect.right - width
        room = rect.width - width - size - 3 * gap
        colour = theme.ink if outcome == "draw" else accent(outcome, theme)
        said = self._big.text(surface, words, (rect.left + size + gap, rect.centery), "midleft", "title", colour, room)
        cap = pen.cap(surface, "Enter", rect.right - width, rect.centery)
        pen.text(surface, onward, (cap.right + gap, rect.centery), "midleft")
        between = limit - said.right - 4 * gap
        standing = self.contest.standing if decided else ()
        fitting = [words for words in standing if pen.width(words) <= between]
        if self.contest.hint and between > pen.width("a few words"):
            fitting = [self.contest.hint]
        elif not fitting and pen.width(self.contest.happened) <= between:
            fitting = [self.contest.happened]
        if fitting:
            at = (said.right + 2 * gap, rect.centery)
            pen.text(surface, fitting[0], at, "midleft", colour=theme.quiet, width=between)
