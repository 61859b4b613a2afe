"""Draws the first page of a document as pixels. A program of its own: `python -m handoffs.packet.drawing IN TYPE OUT`.

What somebody uploaded is read here and nowhere else, in a process that may use little, write only its pictures, and
die without harm. Nothing of the document runs: PDFium comes without a script engine, Pillow knows no scripts.
Writes OUT.png, at most 1000 by 1400 pixels, and OUT-small.png, at most 112 by 144.
"""

import resource
import sys
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

PDF = "application/pdf"
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP"}
DRAWABLE = frozenset({PDF, *PICTURES})
LARGE, SMALL = (1000, 1400), (112, 144)
MOST_PIXELS = 60_000_000
SECONDS, MEMORY, WRITTEN = 20, 1_500_000_000, 20_000_000


def main(source: str, media_type: str, target: str) -> None:
    """Both pictures, or an exit code other than 0."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    # Loaded under the limits; a web process never loads them for this.
    from PIL import Image as pillow

    pillow.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", pillow.DecompressionBombWarning)
    page = _page(source) if media_type == PDF else _picture(source, PICTURES[media_type])
    sheet = pillow.new("RGB", page.size, "white")
    sheet.paste(page, mask=page.getchannel("A") if "A" in page.getbands() else None)
    for size, ending in ((LARGE, ".png"), (SMALL, "-small.png")):
        sheet.thumbnail(size)
        sheet.save(target + ending, "PNG", optimize=True)


def _page(source: str) -> "Image":
    import pypdfium2

    page = pypdfium2.PdfDocument(source)[0]
    width, height = page.get_size()
    scale = min(LARGE[0] / max(width, 1), LARGE[1] / max(height, 1), 4)
    drawn: Image = page.render(scale=scale).to_pil().convert("RGB")
    return drawn


def _picture(source: str, kind: str) -> "Image":
    from PIL import Image as pillow
    from PIL import ImageOps

    with pillow.open(source, formats=[kind]) as picture:
        picture.draft("RGB", LARGE)
        turned = ImageOps.exif_transpose(picture)
        return turned.convert("RGBA" if "transparency" in turned.info or "A" in turned.getbands() else "RGB")


if __name__ == "__main__":
    main(*sys.argv[1:])
