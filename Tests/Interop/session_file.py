"""A session's record as the PyPI `mcap` readers see it, CRCs on: by its index and as a stream."""

from collections import Counter

from mcap.reader import NonSeekingReader, SeekingReader
from mcap.records import DataEnd
from mcap.stream_reader import StreamReader
from mcap_protobuf.decoder import DecoderFactory


def count(reader):
    """Messages per topic, sequences of strokes, and whether log times never go back; every payload is decoded."""
    topics = Counter()
    strokes = []
    last, ordered = 0, True
    for _, channel, message, decoded in reader.iter_decoded_messages():
        topics[channel.topic] += 1
        ordered = ordered and message.log_time >= last
        last = message.log_time
        if channel.topic == "/stroke":
            strokes.append(decoded.sequence)
            ordered = ordered and decoded.start_unix_ns == message.log_time
    return topics, strokes, ordered


class SessionFile:
    """Reads a file both ways and checks that it agrees with itself."""

    def __init__(self, path, checks, name):
        with open(path, "rb") as stream:
            reader = SeekingReader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
            summary = reader.get_summary()
            metadata = {record.name: record.metadata for record in reader.iter_metadata()}
            topics, self.sequences, ordered = count(reader)
        with open(path, "rb") as stream:
            reader = NonSeekingReader(stream, validate_crcs=True, decoder_factories=[DecoderFactory()])
            streamed, sequences, ordered_again = count(reader)
        with open(path, "rb") as stream:
            ends = [record for record in StreamReader(stream, validate_crcs=True).records if isinstance(record, DataEnd)]
        stated = {
            summary.channels[channel].topic: number
            for channel, number in summary.statistics.channel_message_counts.items() if number
        }
        session = metadata.get("stipple.session", {})
        self.strokes, self.dots = topics["/stroke"], topics["/dot"]
        self.streamed_strokes = streamed["/stroke"]
        self.stated_strokes = int(session.get("strokes", -1))
        self.stated_dots = int(session.get("dots", -1))
        checks.check(f"{name}: seeking and non-seeking readers see the same",
                     topics == streamed and self.sequences == sequences, f"{sum(topics.values())} messages")
        checks.check(f"{name}: messages are in the order of time", ordered and ordered_again)
        checks.check(f"{name}: the data section has its checksum", len(ends) == 1 and ends[0].data_section_crc != 0)
        checks.check(f"{name}: the statistics count what is there", stated == dict(topics), stated)
        checks.check(f"{name}: no stroke is there twice", len(set(self.sequences)) == len(self.sequences))
        checks.check(f"{name}: the dots are what the session states", self.stated_dots == self.dots, self.dots)
