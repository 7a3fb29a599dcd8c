"""How a round or a match ended, as marks: shape first, colour second."""

from __future__ import annotations

import pygame

from game.match.match import Outcome
from game.view.draw.pen import Pen
from game.view.shared.theme import Colour, Theme, readable_on

_LETTER: dict[Outcome, str] = {"win": "W", "loss": "L", "draw": "D"}


def accent(outcome: Outcome, theme: Theme) -> Colour:
    """The colour of the side that won."""
    return {"win": theme.person, "loss": theme.policy, "draw": theme.quiet}[outcome]


def area_colour(outcome: Outcome | None, theme: Theme) -> Colour:
    """The ground under what is said of it; that of a card where it still goes on."""
    if outcome is None:
        return theme.card
    return {"win": theme.person_soft, "loss": theme.policy_pale, "draw": theme.grid}[outcome]


def draw_pill(surface: pygame.Surface, pen: Pen, word: str, at: tuple[int, int], colour: Colour) -> int:
    """A word on a coloured ground; returns where it ends."""
    rect = pygame.Rect(at[0], 0, pen.width(word, "strong") + 2 * pen.style.px(8), pen.height() + pen.style.px(4))
    rect.centery = at[1]
    pygame.draw.rect(surface, colour, rect, border_radius=rect.height // 2)
    pen.text(surface, word, rect.center, "center", "strong", readable_on(colour))
    return rect.right


def draw_mark(surface: pygame.Surface, pen: Pen, outcome: Outcome | None, rect: pygame.Rect) -> None:
    """How a round ended: a disc for a win, a square for a loss, a lozenge for a draw, a ring for one to come."""
    theme = pen.style.theme
    if outcome is None:
        pygame.draw.circle(surface, theme.faint, rect.center, rect.width * 0.42, max(1, pen.style.px(1.5)))
        return
    colour = accent(outcome, theme)
    if outcome == "win":
        pygame.draw.circle(surface, colour, rect.center, rect.width / 2)
    elif outcome == "loss":
        pygame.draw.rect(surface, colour, rect, border_radius=pen.style.px(2))
    else:
        pygame.draw.polygon(surface, colour, [rect.midtop, rect.midright, rect.midbottom, rect.midleft])
    pen.text(surface, _LETTER[outcome], rect.center, "center", "strong", readable_on(colour))
