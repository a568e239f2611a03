"""How Sphinx makes the site of README.md, docs and the other documents. `build` beside this file calls it."""

import pathlib
import shutil

ROOT = pathlib.Path(__file__).resolve().parents[2]

project = "css"
author = "the authors of css"
copyright = author
html_title = "css"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_show_copyright = False
html_permalinks_icon = "#"
smartquotes_action = "qe"  # quotes and ellipses, but no dashes, since they begin options
templates_path = ["templates"]
html_sidebars = {
    "**": [
        "sidebar/brand.html",
        "sidebar/search.html",
        "sidebar/scroll-start.html",
        "sidebar/navigation.html",
        "javadoc.html",
        "sidebar/scroll-end.html",
    ]
}

extensions = ["myst_parser"]
myst_heading_anchors = 4  # as GitHub names them
highlight_language = "text"
root_doc = "README"
include_patterns = [
    "*.md",
    "docs/*.md",
    "docs/api/*.md",
    "docs/decisions/*.md",
    "deploy/README.md",
    "examples/README.md",
    "examples/*/README.md",
]
exclude_patterns = [".*", "**/target", "**/src"]

GUIDES = ["recipes", "spring-boot", "migrate", "operations", "performance", "guarantees", "words"]


def documents(*patterns):
    """The documents that match, in the order of the patterns, without their suffix."""
    found = [path for pattern in patterns for path in sorted(ROOT.glob(pattern))]
    return list(dict.fromkeys(str(path.relative_to(ROOT).with_suffix("")) for path in found))


def contents(caption, names, depth=1):
    lines = ["", "```{toctree}", ":hidden:", f":maxdepth: {depth}", *([f":caption: {caption}"] if caption else [])]
    return "\n".join([*lines, "", *names, "```", ""])


def add_contents(app, docname, source):
    """Adds the navigation, which the files do not have, since GitHub would show it as text."""
    if docname == "README":
        guides = documents(*[f"docs/{name}.md" for name in GUIDES], "docs/*.md", "docs/api/*.md")
        project = documents("*.md", "docs/decisions/README.md")
        source[0] += contents("Guides", guides)
        source[0] += contents("Programs", documents("examples/README.md", "examples/*/README.md", "deploy/README.md"))
        source[0] += contents("Project", [name for name in project if name != "README"])
    if docname == "docs/decisions/README":
        names = documents("docs/decisions/*.md")
        source[0] += contents("", [f"/{name}" for name in names if name != docname])


def add_index(app, exception):
    """Names the start page as web servers expect it."""
    if exception is None:
        shutil.copy(pathlib.Path(app.outdir, "README.html"), pathlib.Path(app.outdir, "index.html"))


def setup(app):
    app.connect("source-read", add_contents)
    app.connect("build-finished", add_index)
