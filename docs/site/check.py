"""Checks a built site: each link within it leads to a file and an anchor, and no page loads anything from elsewhere.

Usage: check.py FOLDER
"""

import html.parser
import pathlib
import re
import sys
import urllib.parse

LOADED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
ELSEWHERE = re.compile(r"(?:https?:)?//")
LOADED_BY_CSS = re.compile(r"(?:url\(|@import)\s*[\"']?((?:https?:)?//[^\"')\s;]+)")


class Page(html.parser.HTMLParser):
    """The anchors, links and loaded files of a page."""

    def __init__(self, path):
        super().__init__()
        self.anchors, self.links, self.loaded = set(), set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.anchors |= {values.get("id"), values.get("name") if tag == "a" else None} - {None}
        if tag == "a" and values.get("href"):
            self.links.add(values["href"])
        if values.get(LOADED.get(tag)):
            self.loaded.add(values[LOADED[tag]])


class Site:
    def __init__(self, folder):
        self.folder = folder.resolve()
        self.pages = {path: Page(path) for path in sorted(self.folder.rglob("*.html"))}
        self.count = 0

    def findings(self):
        for path, page in self.pages.items():
            for link in sorted(page.links | page.loaded):
                problem = self.problem(path, link, link in page.loaded)
                if problem:
                    yield f"{path.relative_to(self.folder)}: {link}: {problem}"
        for path in sorted(self.folder.rglob("*.css")):
            for address in LOADED_BY_CSS.findall(path.read_text(encoding="utf-8")):
                yield f"{path.relative_to(self.folder)}: {address}: loaded from elsewhere"

    def problem(self, path, link, is_loaded):
        if ELSEWHERE.match(link):
            return "loaded from elsewhere" if is_loaded else None
        address = urllib.parse.urlsplit(link)
        if address.scheme:
            return None
        self.count += 1
        target = (path.parent / urllib.parse.unquote(address.path)).resolve() if address.path else path
        if self.folder not in target.parents or not target.is_file():
            return "no such file in the site"
        anchor = urllib.parse.unquote(address.fragment)
        is_there = not anchor or target not in self.pages or anchor in self.pages[target].anchors
        return None if is_there else "no such anchor"


def main():
    site = Site(pathlib.Path(sys.argv[1]))
    found = list(site.findings())
    print("\n".join(found), end="\n" if found else "")
    print(f"site: {len(site.pages)} pages, {site.count} links within the site, {len(found)} broken (expected: none)")
    return 1 if found or site.count == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
