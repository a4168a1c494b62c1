"""How big a run is: SCALE=1 is the load of the requirement, less is a shorter run that keeps the same bounds."""

from dataclasses import dataclass

FEWEST_MESSAGES = 1000
FEWEST_FAULTS = 5


@dataclass(frozen=True)
class Load:
    scale: float = 1.0
    seed: int = 1

    @property
    def is_full(self):
        """Rates need numbers: two copies in a thousand are chance, and two seconds of work are no pace."""
        return self.scale >= 1

    def messages(self, full):
        return max(FEWEST_MESSAGES, int(full * self.scale))

    def faults(self, full):
        return max(FEWEST_FAULTS, int(full * self.scale))

    def patience(self, bound, rig):
        """A delay's bound. In a short run it is double, and grows with what the start of the workers took.

        Short runs guard every change on machines that others use too; what they are strict about is counts.
        """
        return bound if self.is_full else bound * max(2, rig.slowness)

    def seconds(self, full, at_least):
        return max(at_least, full * self.scale)
