"""Equations of the site as MathML, which browsers draw without a script.

Sphinx's own ways fetch MathJax from elsewhere or need LaTeX on the machine.
"""

from docutils import nodes
from latex2mathml.converter import convert


def setup(app):
    """Registers the renderer with Sphinx, under the name "mathml"."""
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(_inline, None),
        block_renderers=(_block, None),
    )
    return {"version": "1", "parallel_read_safe": True}


def _inline(translator, node):
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def _block(translator, node):
    found = convert(node.astext(), display="block")
    # wide ones scroll on a phone, and the keyboard can reach what is hidden
    translator.body.append(
        f'<div class="math" tabindex="0" role="math">{found}</div>\n'
    )
    raise nodes.SkipNode
