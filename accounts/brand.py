"""An organization's colour: one hue, from which the stylesheet makes its accents (``static/css/tokens.css``).

The same lightness and chroma are measured here, so that a hue on which text could not be read is refused when saved.
"""

import math
from dataclasses import dataclass

AA = 4.5
WHITE = (1.0, 1.0, 1.0)

#: (lightness, chroma) of --accent, --accent-ink, --accent-soft and --on-accent in tokens.css.
LIGHT = {"accent": (0.50, 0.19), "ink": (0.46, 0.19), "soft": (0.955, 0.02), "on": None}
DARK = {"accent": (0.66, 0.16), "ink": (0.78, 0.11), "soft": (0.29, 0.07), "on": (0.15, 0.03)}

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Look:
    """One theme's accent as hexadecimal colours, with the worst contrast of text on it."""

    accent: str
    on_accent: str
    soft: str
    ink: str
    contrast: float


def look(hue: int, *, dark: bool = False) -> Look:
    """What ``hue`` gives in one theme."""
    shades = DARK if dark else LIGHT
    colours = {name: _srgb(*shade, hue) if shade else WHITE for name, shade in shades.items()}
    worst = min(_contrast(colours["accent"], colours["on"]), _contrast(colours["ink"], colours["soft"]))
    return Look(
        accent=_hex(colours["accent"]),
        on_accent=_hex(colours["on"]),
        soft=_hex(colours["soft"]),
        ink=_hex(colours["ink"]),
        contrast=round(worst, 1),
    )


def is_readable(hue: int) -> bool:
    """Whether text on this hue's accents reaches WCAG AA in both themes."""
    return min(look(hue).contrast, look(hue, dark=True).contrast) >= AA


def _srgb(lightness: float, chroma: float, hue: float) -> Colour:
    """OKLCH as sRGB (Ottosson's matrices), channels outside the gamut cut off as browsers do."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    red, green, blue = (_gamma(min(1.0, max(0.0, channel))) for channel in linear)
    return red, green, blue


def _gamma(channel: float) -> float:
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def _luminance(colour: Colour) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: Colour, other: Colour) -> float:
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{round(channel * 255):02x}" for channel in colour)


def stylesheet(hue: int) -> str:
    """What stands above the tokens: unlayered, so it wins over their default."""
    return f":root{{--brand-h:{hue}}}"
