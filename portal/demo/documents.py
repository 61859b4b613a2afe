"""The documents of the demo: small, harmless, and what they say they are."""


def content(name: str) -> bytes:
    """The bytes of a document of this name, by its ending: a page of PDF, a table, or a line of text."""
    if name.endswith(".pdf"):
        return _pdf(name.removesuffix(".pdf"))
    if name.endswith(".csv"):
        return f"what,who,when\n{name.removesuffix('.csv')},Kestrel,this week\n".encode()
    return f"{name.removesuffix('.txt')}\n\nMade for the demo.\n".encode()


def _pdf(title: str) -> bytes:
    """One page with the title on it."""
    safe = title.encode("latin-1", "replace").decode("latin-1").replace("\\", "").replace("(", "").replace(")", "")
    stream = f"BT /F1 24 Tf 72 740 Td ({safe}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    body, places = "%PDF-1.7\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(body))
        body += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    trailer = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R >>\n"
    return f"{body}{trailer}startxref\n{len(body)}\n%%EOF\n".encode("latin-1")
