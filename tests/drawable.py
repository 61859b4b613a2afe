"""Files of which a first page can be drawn, and some of which it cannot."""

from io import BytesIO

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 200), colour: str = "#c02020") -> bytes:
    """A picture of one colour; as "PDF" a page with it."""
    kept = BytesIO()
    Image.new("RGB", size, colour).save(kept, kind)
    return kept.getvalue()
