"""Reading a large XML file as a stream: one record at a time, forgotten as soon as it was read."""

import re
from collections.abc import Iterator
from typing import Any, Final, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import OfficialFileError

_ENCODING: Final = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([^\"'>]*)")
_CUT: Final = ("no element found", "unclosed token", "unclosed CDATA section")


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def events(file: OfficialFile, root: str) -> Iterator[tuple[str, Element, int]]:
    """`start` and `end` of every element below the root, with the depth (1 for the root's children).

    The caller clears what it has read. Refused: another root, a document type (no official file has one, and entities
    could blow up), XML that is not well formed, and a document that stops before its root is closed.
    """
    depth, started = -1, False
    for event, element in _parsed(file):
        if event == "start":
            depth += 1
            if not started and local(element.tag) != root:
                raise file.refuse("wrong_file", f"its root is <{local(element.tag)}>, not <{root}>", 1)
            started = True
        if depth:
            yield event, element, depth
        if event == "end":
            depth -= 1


def _parsed(file: OfficialFile) -> Iterator[tuple[str, Element]]:
    """The parser's events; it reports a fault when fed, when asked for events, or when closed."""
    parser: XMLPullParser[Any] = XMLPullParser(events=("start", "end"))
    try:
        for number, chunk in enumerate(file.chunks()):
            if number == 0:
                _check_encoding(file, chunk)
            if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
                raise file.refuse("wrong_file", "declares a document type, which no official file does")
            parser.feed(chunk)
            yield from cast("Iterator[tuple[str, Element]]", parser.read_events())
        parser.close()
    except ParseError as error:
        raise _refusal(file, error) from error
    except LookupError as error:
        raise file.refuse("not_utf8", f"declares an encoding that does not exist ({error})", 1) from error


def _check_encoding(file: OfficialFile, start: bytes) -> None:
    """Every official file is UTF-8; another declaration is a file that was converted or damaged."""
    declared = _ENCODING.match(start.removeprefix(b"\xef\xbb\xbf").lstrip())
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii"):
        raise file.refuse("not_utf8", f"declares the encoding {declared[1].decode('ascii', 'replace')!r}, not UTF-8", 1)


def _refusal(file: OfficialFile, error: ParseError) -> OfficialFileError:
    line = error.position[0]
    if any(sign in str(error) for sign in _CUT):
        return file.refuse("truncated", "ends before its root element is closed; the file was cut short", line)
    if "invalid token" in str(error) and "encoding" in str(error):
        return file.refuse("not_utf8", str(error), line)
    return file.refuse("not_xml", f"is not well-formed XML: {error}", line)


def text_of(element: Element, name: str) -> str:
    """The text of the one child with this name; "" without one or with several."""
    found = [child for child in element if local(child.tag) == name]
    return (found[0].text or "").strip() if len(found) == 1 else ""
