"""Reading a large XML file as a stream: one record at a time, forgotten as soon as it was read."""

from collections.abc import Iterator
from typing import Any, Final, cast
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import OfficialFileError

_CUT: Final = ("no element found", "unclosed token", "unclosed CDATA section")


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def events(file: OfficialFile, root: str) -> Iterator[tuple[str, Element, int]]:
    """`start` and `end` of every element below the root, with the depth (1 for the root's children).

    The caller clears what it has read. Refused: another root, a document type (no official file has one, and entities
    could blow up), XML that is not well formed, and a document that stops before its root is closed.
    """
    parser: XMLPullParser[Any] = XMLPullParser(events=("start", "end"))
    depth, started = -1, False
    for chunk in file.chunks():
        if b"<!DOCTYPE" in chunk or b"<!ENTITY" in chunk:
            raise file.refuse("wrong_file", "declares a document type, which no official file does")
        _feed(parser, chunk, file)
        for event, found in cast("Iterator[tuple[str, Element]]", parser.read_events()):
            element = found
            if event == "start":
                depth += 1
                if not started and local(element.tag) != root:
                    raise file.refuse("wrong_file", f"its root is <{local(element.tag)}>, not <{root}>", 1)
                started = True
                if depth:
                    yield "start", element, depth
            else:
                if depth:
                    yield "end", element, depth
                depth -= 1
    try:
        parser.close()
    except ParseError as error:
        raise _refusal(file, error) from error


def _feed(parser: "XMLPullParser[Any]", chunk: bytes, file: OfficialFile) -> None:
    try:
        parser.feed(chunk)
    except ParseError as error:
        raise _refusal(file, error) from error


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
