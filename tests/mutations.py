"""Damage done to the bytes of a file, as transfers, editors and half-done conversions do it."""

from collections.abc import Callable
from random import Random

from hypothesis import strategies as st

Mutation = Callable[[bytes, Random], bytes]


def flip_a_bit(content: bytes, random: Random) -> bytes:
    """One bit turned."""
    at = random.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << random.randrange(8))]) + content[at + 1 :]


def replace_a_character(content: bytes, random: Random) -> bytes:
    """One byte replaced by a likely one: a digit, a letter or a separator."""
    at = random.randrange(len(content))
    return content[:at] + random.choice(b"0123456789ABNSCDY|,\t-; ").to_bytes(1, "big") + content[at + 1 :]


def delete_bytes(content: bytes, random: Random) -> bytes:
    """A few bytes, or a good many, gone."""
    at = random.randrange(len(content))
    return content[:at] + content[at + random.choice((1, 2, 8, 200)) :]


def insert_bytes(content: bytes, random: Random) -> bytes:
    """A few bytes too many, copied from elsewhere in the file."""
    at, source = random.randrange(len(content)), random.randrange(len(content))
    return content[:at] + content[source : source + random.choice((1, 2, 8, 200))] + content[at:]


def truncate(content: bytes, random: Random) -> bytes:
    """The end is missing."""
    return content[: random.randrange(len(content))]


def truncate_at_a_line(content: bytes, random: Random) -> bytes:
    """The end is missing, and the cut fell between two lines."""
    lines = content.splitlines(keepends=True)
    return b"".join(lines[: random.randrange(len(lines))])


def swap_lines(content: bytes, random: Random) -> bytes:
    """Two lines in each other's place."""
    lines = content.splitlines(keepends=True)
    first, second = random.randrange(len(lines)), random.randrange(len(lines))
    lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def delete_a_line(content: bytes, random: Random) -> bytes:
    """One line gone."""
    lines = content.splitlines(keepends=True)
    del lines[random.randrange(len(lines))]
    return b"".join(lines)


def repeat_a_line(content: bytes, random: Random) -> bytes:
    """One line twice, in another place."""
    lines = content.splitlines(keepends=True)
    lines.insert(random.randrange(len(lines)), random.choice(lines))
    return b"".join(lines)


def swap_columns(content: bytes, random: Random) -> bytes:
    """Two fields of one line, or of every line, in each other's place."""
    mark = max((b"|", b"\t", b",", b">"), key=content.count)
    lines = [line.split(mark) for line in content.split(b"\n")]
    width = max(map(len, lines))
    first, second = random.randrange(width), random.randrange(width)
    chosen = [random.choice(lines)] if random.random() < 0.5 else lines
    for line in chosen:
        if max(first, second) < len(line):
            line[first], line[second] = line[second], line[first]
    return b"\n".join(mark.join(line) for line in lines)


def splice_with_itself(content: bytes, random: Random) -> bytes:
    """The start of one copy and the end of another, as a resumed download does."""
    return content[: random.randrange(len(content))] + content[random.randrange(len(content)) :]


ALL: tuple[Mutation, ...] = (
    flip_a_bit,
    replace_a_character,
    delete_bytes,
    insert_bytes,
    truncate,
    truncate_at_a_line,
    swap_lines,
    delete_a_line,
    repeat_a_line,
    swap_columns,
    splice_with_itself,
)


def mutations() -> st.SearchStrategy[tuple[Mutation, int]]:
    """A kind of damage, and the seed of where it falls."""
    return st.tuples(st.sampled_from(ALL), st.integers(0, 2**32 - 1))


def changed_lines(before: bytes, after: bytes) -> str:
    """The lines of the damaged file that the whole one does not have, put together."""
    known = set(before.splitlines())
    return b"\n".join(line for line in after.splitlines() if line not in known).decode("latin-1")
