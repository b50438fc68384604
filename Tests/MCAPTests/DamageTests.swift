import MCAP
import Testing

@Suite struct DamageTests {
  /// What recovery kept of a file: sequences in order, and how many bytes it skipped.
  private func recovered(_ bytes: [UInt8]) throws -> (sequences: [UInt32], skipped: UInt64) {
    var recovery = try MCAPRecovery(MCAPBytes(bytes))
    var sequences: [UInt32] = []
    try recovery.forEachMessage { message, payload in
      #expect(payload.count == 5 + Int(message.sequence) % 10)
      sequences.append(message.sequence)
    }
    return (sequences, recovery.skippedBytes)
  }

  /// Offsets just after each chunk record of the sample.
  private func chunkEnds(_ bytes: [UInt8]) throws -> [Int] {
    let reader = try MCAPIndexedReader(MCAPBytes(bytes))
    return reader.summary.chunks.map { Int($0.chunkOffset + $0.chunkLength) }
  }

  @Test(arguments: [MCAPCompression.none, .zstd(level: 1)])
  func truncationAtEveryByteKeepsEveryCompleteChunk(_ compression: MCAPCompression) throws {
    let bytes = try SampleContainer.bytes(compression)
    let ends = try chunkEnds(bytes)
    for length in 0...bytes.count {
      let kept = try recovered(Array(bytes[0..<length])).sequences
      let whole = ends.filter { $0 <= length }.count
      #expect(kept == Array(0..<UInt32(whole * 10)), "cut at \(length)")
    }
  }

  @Test func truncationAtEveryByteIsAnErrorForTheOtherReadersNeverATrap() throws {
    let bytes = try SampleContainer.bytes(.zstd(level: 1))
    for length in 0..<bytes.count {
      let torn = MCAPBytes(Array(bytes[0..<length]))
      #expect(throws: MCAPError.self, "cut at \(length)") { _ = try MCAPIndexedReader(torn) }
      #expect(throws: MCAPError.self, "cut at \(length)") { try MCAPVerification.run(torn) }
    }
  }

  @Test func everyFlippedByteIsSeenByVerification() throws {
    let bytes = try SampleContainer.bytes(.zstd(level: 1))
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x41
      #expect(throws: MCAPError.self, "byte \(index)") { try MCAPVerification.run(MCAPBytes(changed)) }
    }
  }

  @Test func aFlippedByteCostsAtMostItsOwnChunk() throws {
    let bytes = try SampleContainer.bytes()
    for index in 8..<bytes.count {
      var changed = bytes
      changed[index] ^= 0x41
      let kept = try recovered(changed).sequences
      // The first chunk declares the channels; without it, its messages and those of later chunks have no name.
      let chunks = Dictionary(grouping: kept, by: { $0 / 10 })
      #expect(chunks.values.allSatisfy { $0.count == 10 }, "byte \(index) tore a chunk")
      #expect(kept == kept.sorted())
    }
  }

  @Test func declaredChannelsSurviveTheLossOfTheirChunk() throws {
    var bytes = try SampleContainer.bytes()
    let reader = try MCAPIndexedReader(MCAPBytes(bytes))
    bytes[Int(reader.summary.chunks[0].chunkOffset) + 60] ^= 1
    let channels = Array(reader.summary.channels.values)
    var recovery = try MCAPRecovery(MCAPBytes(bytes), assuming: channels)
    var sequences: [UInt32] = []
    try recovery.forEachMessage { message, _ in sequences.append(message.sequence) }
    #expect(sequences == Array(10..<30))
    #expect(recovery.skipped.count == 1)
    #expect(recovery.skipped[0].offset == reader.summary.chunks[0].chunkOffset)
    #expect(recovery.skipped[0].reason.contains("checksum"))
  }

  @Test func garbageBetweenChunksIsSkippedAndSaid() throws {
    let bytes = try SampleContainer.bytes()
    let end = try chunkEnds(bytes)[0]
    let garbage = [UInt8](repeating: 0x06, count: 500)
    let result = try recovered(Array(bytes[0..<end]) + garbage + Array(bytes[end...]))
    #expect(result.sequences == Array(0..<30))
    #expect(result.skipped >= 500)
  }

  @Test func randomBytesNeverTrap() throws {
    var state: UInt64 = 20_261_121
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let sample = try SampleContainer.bytes(.zstd(level: 1))
    for round in 0..<3_000 {
      var bytes = sample
      for _ in 0..<(1 + next() % 8) {
        bytes[Int(next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: next())
      }
      let kept = try recovered(bytes).sequences
      #expect(kept.count % 10 == 0, "round \(round)")
      do {
        var stream = try MCAPStreamReader(MCAPBytes(bytes))
        try stream.forEachMessage { _, _ in }
        var indexed = try MCAPIndexedReader(MCAPBytes(bytes))
        try indexed.forEachMessage { _, _ in }
      } catch is MCAPError {}
    }
  }

  @Test func aChunkThatClaimsToBeHugeIsRefusedBeforeMemoryIsTaken() throws {
    var bytes = try SampleContainer.bytes(.zstd(level: 1))
    let reader = try MCAPIndexedReader(MCAPBytes(bytes))
    let sizeAt = Int(reader.summary.chunks[0].chunkOffset) + 9 + 16
    for index in 0..<8 { bytes[sizeAt + index] = index == 5 ? 1 : 0 }
    var stream = try MCAPStreamReader(MCAPBytes(bytes))
    #expect(throws: MCAPError.self) { try stream.forEachMessage { _, _ in } }
  }
}
