"""The window of ``python main.py train``: a policy that learns."""

from __future__ import annotations

from pygame.window import Window

from game.snapshots.sources import Training
from game.view.shared.playback import FASTEST
from game.view.shared.theme import TEXT_SIZES
from game.view.train.model import PATIENCE, TrainModel
from game.view.train.run_window import RunWindow
from game.view.train.screen import RunScreen

#: Seconds between two snapshots drawn while training runs freely: drawing takes time from it.
FREE_INTERVAL = 0.05


class TrainingWindow(RunWindow[TrainModel]):
    """The window of a training; ``learned`` is "": the picture has shown it."""

    table = "train"
    learned = ""

    def __init__(
        self, training: Training, window: Window, close_when_done: bool = False, can_play: bool = False
    ) -> None:
        screen = RunScreen(training.world)
        model = TrainModel(
            training,
            screen.board.overlays,
            free_interval=FREE_INTERVAL,
            speed=FASTEST if close_when_done else None,
            close_when_done=close_when_done,
            can_play=can_play,
        )
        super().__init__(window, model, screen, training.world.title)

    def begin(self) -> None:
        """Have the worker begin."""
        self.model.feed.start()

    def run(self) -> None:
        """Show the training until it is left; Ctrl-C ends it when what it has learned is saved."""
        try:
            super().run()
        except KeyboardInterrupt:
            self.model.feed.close()
            self.model.feed.join(PATIENCE)
            raise

    def _change_text_size(self) -> None:
        super()._change_text_size()
        self.model.say(f"text size {self.text_size + 1} of {len(TEXT_SIZES)}")
