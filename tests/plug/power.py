"""What a disk may have kept when the power went, from what unsteady_disk.cpp wrote down.

What was synced is there. Of what was written since, a disk may have kept all, nothing, or any
sectors of it in any order, and half of a sector's page.
"""
import collections
import struct

HEADER = struct.Struct("=4q")  # Piece in unsteady_disk.cpp
SECTOR = 512

Piece = collections.namedtuple("Piece", "offset size_before old new")


def pieces_in(path):
    data, at, found = path.read_bytes(), 0, []
    while at + HEADER.size <= len(data):
        offset, size_before, old_length, new_length = HEADER.unpack_from(data, at)
        at += HEADER.size
        old, new = data[at:at + old_length], data[at + old_length:at + old_length + new_length]
        at += old_length + new_length
        if at > len(data):
            break  # Killed in the middle of it; the file itself was not yet written to.
        found.append(Piece(offset, size_before, old, new))
    return found


def write(content, offset, data):
    if len(content) < offset + len(data):
        content.extend(bytes(offset + len(data) - len(content)))
    content[offset:offset + len(data)] = data


def as_synced(content, pieces):
    for piece in reversed(pieces):
        write(content, piece.offset, piece.old)
        del content[piece.size_before:]


def sectors(piece):
    """The pieces of a write that a disk takes or leaves as a whole."""
    edges = [0, *range(SECTOR - piece.offset % SECTOR, len(piece.new), SECTOR), len(piece.new)]
    return [(piece.offset + begin, piece.new[begin:end]) for begin, end in zip(edges, edges[1:])]


def kept(pieces, chance):
    """What of the unsynced writes reached the disk all the same, as (offset, bytes)."""
    how = chance.choice(["nothing", "begun", "any"])
    if how == "nothing" or not pieces:
        return []
    if how == "begun":  # In order up to one page, and that one torn.
        last = chance.randrange(len(pieces))
        torn = pieces[last]
        half = torn.new[:chance.randint(0, len(torn.new))]
        return [(one.offset, one.new) for one in pieces[:last]] + [(torn.offset, half)]
    some = [one for piece in pieces for one in sectors(piece) if chance.random() < 0.5]
    chance.shuffle(some)
    return some


def go(state, unsynced, chance):
    """The power goes: changes the files in `state`. How many unsynced writes there were."""
    count = 0
    for notes in sorted(unsynced.glob("*.unsynced")):
        pieces = pieces_in(notes)
        notes.unlink()
        count += len(pieces)
        path = state / notes.name.removesuffix(".unsynced")
        if not pieces or not path.exists():
            continue
        content = bytearray(path.read_bytes())
        as_synced(content, pieces)
        for offset, data in kept(pieces, chance):
            write(content, offset, data)
        path.write_bytes(content)
    # Memory that processes shared; and a file that was renamed but never synced.
    (state / "state.db-shm").unlink(missing_ok=True)
    if (state / "clock").exists() and chance.random() < 0.3:
        (state / "clock").write_bytes(b"")
    return count
