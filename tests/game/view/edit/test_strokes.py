"""Strokes done, undone and done again; and the newest question answered, the others passed over."""

from __future__ import annotations

from functools import partial
from threading import Event

from game.view.edit.newest import Newest
from game.view.edit.strokes import Strokes
from game.world.edit import blank, painted, with_physics


def test_strokes_are_undone_in_turn_and_done_again() -> None:
    strokes = Strokes(blank(2, 3))
    levels = [strokes.level]
    for letter in "X~*":
        assert strokes.stroke(lambda level, letter=letter: painted(level, 0, 1, letter))  # type: ignore[misc]
        levels.append(strokes.level)
    for level in reversed(levels[:-1]):
        assert strokes.undo()
        assert strokes.level == level
    assert not strokes.undo()
    assert not strokes.changed
    assert strokes.redo()
    assert strokes.level == levels[1]
    assert strokes.stroke(lambda level: with_physics(level, slip=0.5))
    assert not strokes.redo(), "what was undone is gone once something else is done"


def test_a_stroke_that_cannot_be_is_said_and_nothing_is_lost() -> None:
    strokes = Strokes(blank(1, 2))
    assert not strokes.stroke(lambda level: painted(level, 0, 0, "X"))
    assert strokes.refused.startswith("there is no cell to start in")
    assert not strokes.changed
    assert strokes.stroke(lambda level: with_physics(level, slip=0.5))
    assert strokes.refused == ""


def test_a_line_drawn_in_one_go_is_undone_in_one_go() -> None:
    strokes = Strokes(blank(2, 4))
    before, count = strokes.level, strokes.count
    for column in range(1, 4):
        strokes.stroke(lambda level, column=column: painted(level, 0, column, "#"))  # type: ignore[misc]
    strokes.merge_from(count)
    assert strokes.undo()
    assert strokes.level == before


def test_only_the_newest_of_many_questions_is_answered() -> None:
    asked, going, begun = [], Event(), Event()

    def call(question: int) -> int:
        asked.append(question)
        begun.set()
        assert going.wait(20)
        return question * question

    newest = Newest(call)
    newest.ask(1)
    assert begun.wait(20)
    for question in (2, 3, 4):
        newest.ask(question)
    assert newest.waiting
    going.set()
    assert newest.wait(20)
    assert newest.answer == (4, 16)
    assert asked == [1, 4]
    newest.close()


def test_an_answer_that_cannot_be_had_is_kept_as_an_error_and_the_next_one_comes() -> None:
    newest: Newest[int, float] = Newest(partial(pow, 0))
    newest.ask(-1)
    assert newest.wait(20)
    assert isinstance(newest.error, ZeroDivisionError)
    newest.ask(2)
    assert newest.wait(20)
    assert newest.error is None
    assert newest.answer == (2, 0)
    newest.close()
