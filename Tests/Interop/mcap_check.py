"""Reads a finished session with the PyPI `mcap` readers and holds what they see against what the session says of itself.

Usage: mcap_check.py FILE [--strokes N]. Needs `mcap` and `mcap-protobuf-support`. Ends with 1 and a sentence when
anything differs.
"""

import argparse
import sys
from collections import Counter

from mcap.reader import NonSeekingReader, SeekingReader
from mcap.records import DataEnd
from mcap.stream_reader import StreamReader
from mcap_protobuf.decoder import DecoderFactory


def fail(sentence):
    print(f"mcap_check: {sentence}", file=sys.stderr)
    sys.exit(1)


def count(reader):
    """Messages per topic and the last log time seen; every payload is decoded by its own schema."""
    topics = Counter()
    strokes = []
    last = 0
    for schema, channel, message, decoded in reader.iter_decoded_messages():
        topics[channel.topic] += 1
        if message.log_time < last:
            fail(f"{channel.topic} at {message.log_time} comes after {last}")
        last = message.log_time
        if channel.topic == "/stroke":
            strokes.append(decoded.sequence)
            if decoded.start_unix_ns != message.log_time:
                fail(f"stroke {decoded.sequence}: its start and its log time differ")
    return topics, strokes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--strokes", type=int)
    arguments = parser.parse_args()

    with open(arguments.file, "rb") as stream:
        reader = SeekingReader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
        summary = reader.get_summary()
        metadata = {record.name: record.metadata for record in reader.iter_metadata()}
        seeking, strokes = count(reader)
    with open(arguments.file, "rb") as stream:
        reader = NonSeekingReader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
        streaming, again = count(reader)
    with open(arguments.file, "rb") as stream:
        ends = [r for r in StreamReader(stream, validate_crcs=True).records if isinstance(r, DataEnd)]

    if seeking != streaming:
        fail(f"seeking and non-seeking readers differ: {seeking} and {streaming}")
    if strokes != again:
        fail("seeking and non-seeking readers give different strokes")
    if len(ends) != 1 or ends[0].data_section_crc == 0:
        fail("no checksum over the data section")
    if sum(seeking.values()) != summary.statistics.message_count:
        fail(f"the statistics say {summary.statistics.message_count} messages, read were {sum(seeking.values())}")
    for channel, number in summary.statistics.channel_message_counts.items():
        if seeking[summary.channels[channel].topic] != number:
            fail(f"{summary.channels[channel].topic}: the statistics say {number}, read were "
                 f"{seeking[summary.channels[channel].topic]}")
    stated = metadata["stipple.session"]
    if int(stated["strokes"]) != seeking["/stroke"] or int(stated["dots"]) != seeking["/dot"]:
        fail(f"the session states {stated['strokes']} strokes and {stated['dots']} dots")
    if arguments.strokes is not None and arguments.strokes != seeking["/stroke"]:
        fail(f"{arguments.strokes} strokes were counted elsewhere, the file has {seeking['/stroke']}")
    if len(set(strokes)) != len(strokes):
        fail("a stroke is there twice")
    print(f"{arguments.file}: {seeking['/stroke']} strokes, {seeking['/dot']} dots, "
          f"{sum(seeking.values())} messages in {len(summary.chunk_indexes)} chunks, both readers agree")


if __name__ == "__main__":
    main()
