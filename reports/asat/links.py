"""Links and forms of a past page that stay in the past."""

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urlencode, urlsplit

TAG = re.compile(r"<(?:a|form)\s[^>]*>")
ADDRESS = re.compile(r'\s(?:href|action)="([^"]*)"')
# What is above and below the record leads to the record as it is now.
BEGIN, END = "</header>", "</main>"


def keep_moment(page: str, *, name: str, value: str, here: str, is_dated: Callable[[str], bool]) -> str:
    """Add the moment to each link and GET form of a page's content that leads to a page with a past.

    Args:
        name, value: the parameter of the moment.
        here: the path of the page, to which addresses without a path lead.
        is_dated: returns whether the page at a path can be read as at a past moment.
    """
    begin, end = page.find(BEGIN), page.find(END)
    if begin < 0 or end < 0:
        return page
    hidden = f'<input type="hidden" name="{name}" value="{escape(value)}">'

    def keep(match: re.Match[str]) -> str:
        tag = match[0]
        attribute = ADDRESS.search(tag)
        address = unescape(attribute[1]) if attribute else ""
        url = urlsplit(address)
        is_ours = not (url.scheme or url.netloc) and is_dated(url.path or here)
        if not is_ours or " data-present" in tag or f"&{name}=" in f"&{url.query}":
            return tag
        if tag.startswith("<form"):
            return tag if 'method="post"' in tag else f"{tag}{hidden}"
        if attribute is None or not address or address.startswith("#"):
            return tag
        query = "&".join(filter(None, [url.query, urlencode({name: value})]))
        new_address = escape(url._replace(query=query).geturl())
        return f"{tag[: attribute.start(1)]}{new_address}{tag[attribute.end(1) :]}"

    return page[:begin] + TAG.sub(keep, page[begin:end]) + page[end:]
