"""Sphinx's settings: the documentation site, `make docs`.

The pages of the lecture and of the reference are written from the sources
before they are read (build.py), the labs are the executed notebooks. What is
built fetches nothing from elsewhere.
"""

import re
import sys
from importlib import metadata
from pathlib import Path

SITE = Path(__file__).parent
sys.path.insert(0, str(SITE))

project = "mitseq"
author = "the mitseq authors"
copyright = f"2026, {author}"
release = metadata.version("mitseq")

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "myst_nb",
    "mathml",
]
exclude_patterns = ["site", "notebooks/README.md"]
html_math_renderer = "mathml"
default_role = "code"
highlight_language = "none"

autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_rtype = False
napoleon_custom_sections = [("Call arguments", "params_style")]

myst_enable_extensions = ["attrs_inline", "colon_fence", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"

html_theme = "pydata_sphinx_theme"
html_title = "mitseq"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_context = {"default_mode": "auto"}  # dark where the reader is
html_theme_options = {
    "show_prev_next": True,
    "navbar_align": "left",
    "header_links_before_dropdown": 8,
    "logo": {"text": "mitseq"},
    "navigation_with_keys": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
}


def write_pages(app) -> None:
    """Writes the pages that come from the sources."""
    import cards
    import explore
    import lecture
    import reference
    from page import write

    docs = Path(app.srcdir)
    write(docs / "explore.md", explore.index())
    cards.write_pages(docs / "cards")
    lecture.write_pages(docs / "lecture")
    reference.write_pages(docs / "reference")


# What a page for GitHub links to, and what stands for it here.
ELSEWHERE = {
    r"(?:\.\./)+mitseq/pretrained/(\w+)\.md": r"cards/\1.md",
    r"(?:\.\./)+CONTRIBUTING\.md(#[\w-]+)?": r"contributing.md\1",
    r"notebooks(?:/README\.md)?": "labs.md",
    r"slides\.md#([\w-]+)": r"slides.md#slide-\1",
}


def read_source(app, name, content) -> None:
    """Makes of a page for GitHub one for the site."""
    text = content[0]
    # names to link to: raw HTML is not seen by Sphinx
    text = re.sub(r'<a id="([\w-]+)"></a>', r"[]{#slide-\1}", text)
    for target, here in ELSEWHERE.items():
        text = re.sub(rf"\]\({target}\)", rf"]({here})", text)
    # folders of the sources: there is nothing to open
    text = re.sub(r"\[([^\]]*)\]\((?:\.\./)+[\w/]+\)", r"\1", text)
    # a picture that would be fetched from elsewhere: what it says instead
    text = re.sub(r"!\[([^\]]*)\]\(https?://[^)]*\)", r"\1", text)
    content[0] = text


def setup(app) -> None:
    """Connects the above with Sphinx."""
    import reference

    app.connect("builder-inited", write_pages)
    app.connect("source-read", read_source)
    app.connect(
        "autodoc-process-docstring", reference.tidy_docstring, priority=100
    )
    app.connect("autodoc-process-signature", reference.own_signature)
