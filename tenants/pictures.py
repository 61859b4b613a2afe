"""Pictures that people send, drawn anew: small, still, and as nothing but their pixels."""

import struct
from io import BytesIO

from PIL import Image, ImageOps

from tenants.refusals import Invalid

MOST_BYTES = 1_000_000
LONGEST_SIDE = 4000
BOX = (320, 96)  # of what is kept: twice what is ever shown
FORMATS = ("PNG", "JPEG", "WEBP")  # an SVG is a program
_COLOURS = 256
_BROKEN = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    SyntaxError,
    EOFError,
    OverflowError,
    MemoryError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def redrawn(given: bytes) -> bytes:
    """A PNG that fits into `BOX`, without whatever else the file carried.

    Raises Invalid picture_too_large, before anything is decoded, or picture_unreadable.
    """
    if len(given) > MOST_BYTES:
        raise _refused("It may have at most 1 MB.", "picture_too_large")
    try:
        with Image.open(BytesIO(given), formats=FORMATS) as picture:
            if max(picture.size) > LONGEST_SIDE:
                raise _refused(f"It may be at most {LONGEST_SIDE} pixels wide and high.", "picture_too_large")
            return _drawn(picture)
    except _BROKEN as fault:
        raise _refused("This is not a PNG, JPEG or WebP picture that can be read.", "picture_unreadable") from fault


def _drawn(picture: Image.Image) -> bytes:
    turned = ImageOps.exif_transpose(picture).convert("RGBA")
    turned.thumbnail(BOX)
    # A picture of its own, onto which only pixels are copied: no profile, no comment, no further frame comes along.
    plain = Image.new("RGBA", turned.size)
    plain.paste(turned)
    written = BytesIO()
    plain.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE).save(written, "PNG", optimize=True)
    return written.getvalue()


def _refused(sentence: str, code: str) -> Invalid:
    return Invalid(sentence, code=code, details={"field": "picture"})
