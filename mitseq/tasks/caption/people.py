"""Drawings of people who do something with balls.

Slide: Lecture 2, "RNNs for Sequence Modeling" (docs/slides.md#captioning): "A
baseball player throws a ball." Who it is shows in what they wear, what they do
in arms, legs and where the ball is.

A figure is drawn in units of its height, x forward and y up from the ground
between its feet; `Pen` turns them into pixels.
"""

import dataclasses

import numpy as np

# What they do: where both hands and both feet are, the front one first.
POSES = {
    "throws": ((0.30, 0.90), (-0.22, 0.50), (0.15, 0), (-0.15, 0)),
    "kicks": ((0.20, 0.55), (-0.24, 0.62), (0.34, 0.24), (-0.06, 0)),
    "catches": ((0.29, 0.82), (0.31, 0.56), (0.11, 0), (-0.11, 0)),
    "heads": ((0.24, 0.42), (-0.24, 0.42), (0.10, 0), (-0.10, 0)),
    "bounces": ((0.25, 0.47), (-0.20, 0.45), (0.10, 0), (-0.10, 0)),
}
# Where the ball is then, and how far the second of two is from it.
PLACES = {
    "throws": ((0.58, 1.0), (0.06, -0.19)),
    "kicks": ((0.53, 0.13), (0.03, 0.19)),
    "catches": ((0.40, 0.69), (0.17, 0.02)),
    "heads": ((0.03, 1.12), (0.19, 0.03)),
    "bounces": ((0.30, 0.20), (0.19, 0.02)),
}
BALL = 0.075  # its radius
LEFT, RIGHT, HEIGHT = 0.42, 0.78, 1.27  # what a figure needs around its feet


@dataclasses.dataclass(frozen=True)
class Pen:
    """Draws in units of a figure's height.

    Args:
        draw: A `PIL.ImageDraw.ImageDraw`.
        x: Of the ground between the feet, in pixels.
        y: Of the ground, in pixels.
        height: Of the figure, in pixels.
        side: 1 to look to the right, -1 to the left.
        width: Of a line, in pixels.
        ink: Grey of a line, 0 is black.
        paper: Grey of the ground.
    """

    draw: object
    x: float
    y: float
    height: float
    side: int
    width: int
    ink: int
    paper: int

    def at(self, point) -> tuple[float, float]:
        """Returns a point in pixels."""
        x, y = point
        return (
            self.x + self.side * self.height * x,
            self.y - self.height * y,
        )

    def line(self, *points, width: float = 1.0) -> None:
        """Draws a line through points, its ends round."""
        pixels = [self.at(point) for point in points]
        thick = max(1, round(self.width * width))
        self.draw.line(pixels, fill=self.ink, width=thick, joint="curve")
        for x, y in (pixels[0], pixels[-1]):
            r = thick / 2 - 0.5
            self.draw.ellipse((x - r, y - r, x + r, y + r), fill=self.ink)

    def disk(self, center, radius: float, full: bool = True) -> None:
        """Draws a circle, full or with the paper in it."""
        x, y = self.at(center)
        r = radius * self.height
        fill = self.ink if full else self.paper
        box = (x - r, y - r, x + r, y + r)
        self.draw.ellipse(box, fill, self.ink, self.width)

    def shape(self, *points, full: bool = True) -> None:
        """Draws a closed shape, full or with the paper in it."""
        pixels = [self.at(point) for point in points]
        fill = self.ink if full else self.paper
        self.draw.polygon(pixels, fill, self.ink, self.width)


def draw_person(
    pen: Pen, person: str, action: str, balls: int, rng: np.random.Generator
) -> None:
    """Draws a person who does something with one ball or two.

    Args:
        pen: Where and how.
        person: One of `PEOPLE`.
        action: One of `POSES`.
        balls: 1 or 2.
        rng: Moves hands, feet and balls a little.
    """
    ball, further = PLACES[action]
    *limbs, ball = (
        np.add(point, rng.uniform(-0.025, 0.025, 2))
        for point in (*POSES[action], ball)
    )
    _DRAWN[person](pen, limbs)
    places = [ball]
    if balls == 2:
        places.append(np.add(ball, further))
    for place in places:
        pen.disk(place, BALL)
    if action == "throws":  # lines behind what flies
        for place in places:
            for down in (0.03, -0.03):
                start = place - (0.11, down)
                pen.line(start, start - (0.08, 0.03), width=0.6)


def _body(pen, limbs, hips=0.46, neck=0.76, head=0.095, shoulders=0.72):
    near_hand, far_hand, near_foot, far_foot = limbs
    pen.line((0, hips), (0, neck))
    for hand in (near_hand, far_hand):
        elbow = np.add(np.multiply(hand, 0.5), (0, shoulders / 2 - 0.04))
        pen.line((0, shoulders), elbow, hand)
    for foot in (near_foot, far_foot):
        pen.line((0, hips), foot, np.add(foot, (0.05, 0)))
    pen.disk((0, neck + head), head, full=False)


def _player(pen, limbs):
    """A cap with a visor, and a glove on the hand that is behind."""
    _body(pen, limbs)
    x, y, r = 0, 0.855, 0.10
    angles = np.linspace(0, np.pi, 9)
    dome = [(x + r * np.cos(a), y + 0.02 + r * np.sin(a)) for a in angles]
    pen.shape(*dome)
    pen.shape((0.05, 0.86), (0.20, 0.86), (0.20, 0.90), (0.05, 0.91))
    pen.disk(limbs[1], 0.05)


def _child(pen, limbs):
    """A large head on a short body, with hair that stands up."""
    short = [np.multiply(point, (1, 0.9)) for point in limbs]
    _body(pen, short, hips=0.34, neck=0.58, head=0.16, shoulders=0.53)
    for x in (-0.07, 0.0, 0.07):
        pen.line((x * 0.6, 0.87), (x, 0.98), width=0.8)


def _goalkeeper(pen, limbs):
    """Large gloves, in front of a goal with a net."""
    back, front, bar = -0.38, 0.14, 1.12
    for x in np.linspace(back, front, 5)[1:-1]:
        pen.line((x, 0), (x, bar), width=0.35)
    for y in (0.28, 0.56, 0.84):
        pen.line((back, y), (front, y), width=0.35)
    pen.line((back, 0), (back, bar), (front, bar), (front, 0), width=1.2)
    _body(pen, limbs)
    for hand in limbs[:2]:
        pen.disk(hand, 0.055)


def _king(pen, limbs):
    """A crown and a cloak."""
    pen.shape((0, 0.74), (-0.26, 0.10), (-0.04, 0.16))
    _body(pen, limbs)
    crown = [(-0.11, 0.91), (-0.14, 1.08), (-0.05, 1.0), (0, 1.1)]
    crown += [(0.05, 1.0), (0.14, 1.08), (0.11, 0.91)]
    pen.shape(*crown)


def _robot(pen, limbs):
    """A square head with an antenna, a square body."""
    _body(pen, limbs, head=0.06)
    w = 0.12
    pen.shape((-w, 0.42), (w, 0.42), (w, 0.74), (-w, 0.74), full=False)
    pen.shape((-0.1, 0.79), (0.1, 0.79), (0.1, 0.97), (-0.1, 0.97), full=False)
    pen.line((0, 0.97), (0, 1.05))
    pen.disk((0.04, 0.89), 0.025)


def _woman(pen, limbs):
    """A skirt, and long hair."""
    hair = [(-0.04, 0.99), (-0.14, 0.9), (-0.2, 0.62), (-0.06, 0.66)]
    pen.shape(*hair, (0.02, 0.9))
    _body(pen, limbs)
    pen.shape((0, 0.56), (0.19, 0.24), (-0.19, 0.24))
    hair = [(-0.1, 0.86), (-0.1, 0.93), (0, 0.98), (0.1, 0.92), (-0.04, 0.92)]
    pen.shape(*hair)


def _ballerina(pen, limbs):
    """A knot of hair, and a tutu that stands out."""
    _body(pen, limbs)
    pen.shape(
        (0, 0.60), (0.22, 0.44), (0.20, 0.39), (-0.20, 0.39), (-0.22, 0.44)
    )
    pen.disk((-0.03, 0.97), 0.05)


def _chef(pen, limbs):
    """A tall hat that is wide at its top, and an apron."""
    _body(pen, limbs)
    pen.shape(
        (0.01, 0.68), (0.09, 0.6), (0.11, 0.26), (-0.05, 0.26), full=False
    )
    hat = [(-0.09, 0.92), (-0.13, 1.12), (0, 1.17), (0.13, 1.12), (0.09, 0.92)]
    pen.shape(*hat, full=False)


def _clown(pen, limbs):
    """Hair at both sides, a red nose, and wide trousers."""
    pen.shape((0, 0.56), (0.2, 0.06), (0.03, 0.06), (0, 0.3))
    pen.shape((0, 0.56), (-0.2, 0.06), (-0.03, 0.06), (0, 0.3))
    _body(pen, limbs)
    for x in (-0.12, 0.12):
        pen.disk((x, 0.9), 0.06)
    pen.disk((0.05, 0.85), 0.025)


def _cowboy(pen, limbs):
    """A hat with a wide brim, and boots."""
    _body(pen, limbs)
    pen.shape((-0.22, 0.95), (0.22, 0.95), (0.19, 0.91), (-0.19, 0.91))
    pen.shape((-0.1, 0.94), (-0.08, 1.06), (0, 1.03), (0.08, 1.06), (0.1, 0.94))
    for foot in limbs[2:]:
        pen.line(np.add(foot, (0, 0.025)), np.add(foot, (0.06, 0.025)), width=2)


def _knight(pen, limbs):
    """A helmet with a slit and a plume, and a shield before the body."""
    _body(pen, limbs)
    pen.shape(
        (-0.11, 0.77), (0.11, 0.77), (0.11, 0.95), (0, 1.0), (-0.11, 0.95)
    )
    pen.shape(
        (0.02, 0.87), (0.10, 0.87), (0.10, 0.90), (0.02, 0.90), full=False
    )
    pen.line((0, 1.0), (-0.1, 1.08), (-0.2, 1.0), width=1.4)
    shield = [(-0.12, 0.72), (0.1, 0.72), (0.1, 0.5), (-0.01, 0.38)]
    pen.shape(*shield, (-0.12, 0.5), full=False)
    pen.line((-0.01, 0.7), (-0.01, 0.42))
    pen.line((-0.1, 0.58), (0.08, 0.58))


def _witch(pen, limbs):
    """A pointed hat with a brim, and a gown to the ground."""
    pen.shape((0, 0.78), (0.17, 0.05), (-0.17, 0.05), full=False)
    _body(pen, limbs)
    pen.shape((-0.16, 0.93), (0.16, 0.93), (0.16, 0.90), (-0.16, 0.90))
    pen.shape((-0.09, 0.93), (-0.05, 1.2), (0.09, 0.93))


_DRAWN = {
    "baseball player": _player,
    "ballerina": _ballerina,
    "chef": _chef,
    "child": _child,
    "clown": _clown,
    "cowboy": _cowboy,
    "goalkeeper": _goalkeeper,
    "king": _king,
    "knight": _knight,
    "robot": _robot,
    "witch": _witch,
    "woman": _woman,
}
PEOPLE = tuple(_DRAWN)
