"""The 36 accent hues an organization may have, each as strong as a screen can show it and readable in light and dark.

`python -m portal.hues` prints the stylesheet that is kept in static/handrail/css/hues.css.
"""

from math import cos, radians, sin

HUES = range(0, 360, 10)
# The lightness of --accent in tokens.css, and the chroma beyond which an accent stops being calm.
LIGHT, LIGHT_CHROMA = 0.5, 0.2
DARK, DARK_CHROMA = 0.74, 0.15

DEFAULT = 260

Colour = tuple[float, float, float]


def nearest(hue: int) -> int:
    """The one of HUES that is closest to any whole number of degrees."""
    return round(hue / 10) * 10 % 360


def linear(lightness: float, chroma: float, hue: float) -> Colour:
    """Linear sRGB of an oklch colour; a part outside 0..1 cannot be shown on a screen."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG defines it, 0 (black) to 1 (white)."""
    red, green, blue = (min(1.0, max(0.0, part)) for part in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """WCAG contrast of two colours, 1 to 21."""
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


def strongest(lightness: float, hue: int, limit: float) -> float:
    """The highest chroma up to the limit that a screen still shows unclipped, in thousandths."""
    steps = range(int(limit * 1000), 0, -1)
    shown = (step / 1000 for step in steps if all(0 <= part <= 1 for part in linear(lightness, step / 1000, hue)))
    return next(shown, 0.0)


def stylesheet() -> str:
    """The text of hues.css: for each hue its angle and the chroma of the accent in light and in dark."""
    lines = ["/* Made by `python -m portal.hues`: the accent a data-hue chooses, as strong as it can be. */"]
    for hue in HUES:
        light, dark = strongest(LIGHT, hue, LIGHT_CHROMA), strongest(DARK, hue, DARK_CHROMA)
        lines.append(f'[data-hue="{hue}"] {{ --hue: {hue}; --vivid: {light:g}; --vivid-dark: {dark:g} }}')
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(stylesheet(), end="")
