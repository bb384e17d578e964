"""Pictures as PNG, for programs that do not show SVG."""

import typst

from web.documents.paper import Picture

TEXT_WIDTH = 16  # in cm: A4 less the margins of every paper
RESOLUTION = 200  # dots per inch
PAGE = b"""
#set page(width: 16cm, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%)
"""


def png(picture: Picture) -> bytes:
    """Return the picture as PNG, as wide as the text of a paper."""
    image = typst.compile(PAGE, format="png", ppi=RESOLUTION, sys_inputs={"svg": picture.svg})
    assert isinstance(image, bytes)  # one page
    return image
