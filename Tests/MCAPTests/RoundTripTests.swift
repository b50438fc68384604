import MCAP
import Testing

@Suite struct RoundTripTests {
  @Test(arguments: [MCAPCompression.none, .zstd(level: 3)])
  func streamReaderGivesWhatWasWrittenInFileOrder(_ compression: MCAPCompression) throws {
    var reader = try MCAPStreamReader(MCAPBytes(try SampleContainer.bytes(compression)))
    var sequences: [UInt32] = []
    try reader.forEachMessage { message, payload in
      sequences.append(message.sequence)
      #expect(payload.count == 5 + Int(message.sequence) % 10)
      #expect(payload[0] == UInt8(message.sequence))
    }
    #expect(sequences == Array(0..<30))
    let reachedEnd = reader.reachedEnd
    #expect(reachedEnd)
    #expect(reader.channels[2]?.metadata == ["k": "v"])
    #expect(reader.channels[2]?.topic == "/b")
    #expect(reader.schemas[1]?.data == [0x7B, 0x7D])
    #expect(reader.metadata == [MCAPMetadata(name: "m", values: ["x": "1", "y": "2"])])
    #expect(reader.library == "test")
  }

  @Test(arguments: [MCAPCompression.none, .zstd(level: 3)])
  func indexedReaderGivesMessagesInOrderOfTime(_ compression: MCAPCompression) throws {
    var reader = try MCAPIndexedReader(MCAPBytes(try SampleContainer.bytes(compression)))
    var times: [UInt64] = []
    try reader.forEachMessage { message, _ in times.append(message.logTime) }
    #expect(times.count == 30)
    #expect(times == times.sorted())
    #expect(try reader.metadata(named: "m")?.values == ["x": "1", "y": "2"])
    #expect(try reader.metadata(named: "none") == nil)
  }

  @Test func indexedReaderChoosesByChannelAndTime() throws {
    var reader = try MCAPIndexedReader(MCAPBytes(try SampleContainer.bytes()))
    var found: [UInt32] = []
    try reader.forEachMessage(channels: [2], times: 2_000..<3_000) { message, _ in
      found.append(message.sequence)
    }
    #expect(found == [11, 13, 15, 17, 19])
  }

  @Test func summaryCountsWhatIsThere() throws {
    let reader = try MCAPIndexedReader(MCAPBytes(try SampleContainer.bytes()))
    let statistics = try #require(reader.summary.statistics)
    #expect(statistics.messageCount == 30)
    #expect(statistics.chunkCount == 3)
    #expect(statistics.channelCount == 2)
    #expect(statistics.schemaCount == 1)
    #expect(statistics.metadataCount == 1)
    #expect(statistics.channelMessageCounts == [1: 15, 2: 15])
    #expect(statistics.messageStartTime == 1_000)
    #expect(statistics.messageEndTime == 3_900)
    #expect(Set(reader.summary.groups.keys) == [0x03, 0x04, 0x08, 0x0B, 0x0D])
  }

  @Test func anEmptyFileIsAFile() throws {
    let bytes = try SampleContainer.bytes(chunks: 0)
    try MCAPVerification.run(MCAPBytes(bytes))
    var reader = try MCAPIndexedReader(MCAPBytes(bytes))
    var count = 0
    try reader.forEachMessage { _, _ in count += 1 }
    #expect(count == 0)
  }

  @Test func writerRefusesWhatWouldNotBeReadable() throws {
    var writer = try MCAPWriter()
    #expect(throws: MCAPError.unknown(what: "schema", id: 9)) {
      try writer.add(MCAPChannel(id: 1, schemaID: 9, topic: "/a", messageEncoding: "json"))
    }
    #expect(throws: MCAPError.unknown(what: "channel", id: 1)) {
      try writer.add(MCAPMessage(channelID: 1, sequence: 0, logTime: 0, publishTime: 0)) { _ in }
    }
    try writer.finish()
    #expect(throws: MCAPError.self) { try writer.finish() }
  }
}
