"""How the pages are built: Markdown by MyST, the look by furo, every warning an error."""

from importlib.metadata import version as installed

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

project = "Verbale"
author = "The Verbale authors"
project_copyright = author
release = installed("verbale")
version = release

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]

html_theme = "furo"
html_title = f"Verbale {release}"
html_show_copyright = False
html_show_sphinx = False


def setup(app: Sphinx) -> None:
    """Let fences of CSV stand as they are: Pygments has no lexer for them."""
    app.add_lexer("csv", TextLexer)
