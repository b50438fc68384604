import DriveLink
import StrokeControl
import Testing

@Suite("TMCL frames") struct TMCLCodecTests {
  static func bytes(_ frame: TMCLFrame) -> [UInt8] { (0..<9).map { frame[$0] } }

  static func frame(_ bytes: [UInt8]) -> TMCLFrame {
    var frame = TMCLFrame()
    for (index, byte) in bytes.enumerated() { frame[index] = byte }
    return frame
  }

  @Test("The published request is encoded byte for byte") func requestVector() {
    let request = TMCLRequest(address: 1, .move, type: 0, motor: 0, value: 1_000)
    #expect(Self.bytes(request.frame) == [0x01, 0x04, 0x00, 0x00, 0x00, 0x00, 0x03, 0xE8, 0xF0])
    #expect(TMCLRequest(request.frame) == request)
  }

  @Test("The published reply is decoded field for field") func replyVector() throws {
    let reply = try #require(
      TMCLReply(Self.frame([0x02, 0x01, 0x64, 0x04, 0x00, 0x00, 0x03, 0xE8, 0x56])))
    #expect(reply == TMCLReply(to: 2, from: 1, .success, .move, value: 1_000))
  }

  @Test("The manuals' frames are encoded byte for byte")
  func manualVectors() {
    // TMCM-142 manual V1.06: GAP 0, 1. TMCM-6212 manual V1.11: reply to CALC MUL, -5000.
    let read = TMCLRequest(address: 1, .getAxis, type: 1, motor: 0, value: 0)
    #expect(Self.bytes(read.frame) == [1, 6, 1, 0, 0, 0, 0, 0, 8])
    let reply = TMCLReply(to: 2, from: 1, .success, TMCLInstruction(0x13), value: -5_000)
    #expect(Self.bytes(reply.frame) == [0x02, 0x01, 0x64, 0x13, 0xFF, 0xFF, 0xEC, 0x78, 0xDC])
  }

  @Test("Values keep their sign to both ends of the range", arguments: [Int32.min, -1, 0, 1, Int32.max])
  func signedValues(value: Int32) {
    #expect(TMCLRequest(address: 1, .move, type: 0, motor: 0, value: value).frame.value == value)
  }

  @Test("One flipped bit anywhere fails the checksum") func flippedBit() {
    let frame = TMCLRequest(address: 1, .move, type: 0, motor: 0, value: 1_000).frame
    for index in 0..<9 {
      for bit in 0..<8 {
        var damaged = frame
        damaged[index] ^= 1 << UInt8(bit)
        #expect(TMCLRequest(damaged) == nil, "byte \(index), bit \(bit)")
      }
    }
  }

  @Test("Every status of the manuals has its name, and no other is known") func statuses() {
    let known = (0...255).map { TMCLStatus(UInt8($0)) }.filter(\.isKnown).map(\.code)
    #expect(known == [1, 2, 3, 4, 5, 6, 100, 101])
    #expect(TMCLStatus(4).name == "invalid value")
    #expect(TMCLStatus(7).name == "unknown status")
  }

  @Test("The identity is module number, major, minor") func identity() {
    let identity = TMCLIdentity(0x04D8_012D)
    #expect(identity.moduleNumber == 1_240)
    #expect(identity.major == 1)
    #expect(identity.minor == 45)
    #expect(identity.value == 0x04D8_012D)
  }
}

@Suite("TMCL reply accumulator") struct TMCLReplyAccumulatorTests {
  static let reply = TMCLReply(to: 2, from: 1, .success, .getAxis, value: -25_600)

  static func feed(_ accumulator: inout TMCLReplyAccumulator, _ bytes: [UInt8]) -> [TMCLReply] {
    bytes.compactMap { accumulator.append($0) }
  }

  @Test("A reply in one piece is found at its last byte") func whole() {
    var accumulator = TMCLReplyAccumulator(replyAddress: 2, moduleAddress: 1)
    #expect(Self.feed(&accumulator, TMCLCodecTests.bytes(Self.reply.frame)) == [Self.reply])
    #expect(accumulator.discarded == 0)
    #expect(accumulator.resynchronisations == 0)
  }

  @Test("A reply behind 1 to 20 bytes of garbage is found", arguments: 1...20)
  func garbagePrefix(length: Int) {
    var accumulator = TMCLReplyAccumulator(replyAddress: 2, moduleAddress: 1)
    let garbage = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 2) }
    #expect(Self.feed(&accumulator, garbage + TMCLCodecTests.bytes(Self.reply.frame)) == [Self.reply])
    #expect(accumulator.discarded == UInt32(length))
    #expect(accumulator.resynchronisations == 1)
  }

  @Test("A reply behind a torn copy of itself is found", arguments: 1...8)
  func tornCopy(length: Int) {
    var accumulator = TMCLReplyAccumulator(replyAddress: 2, moduleAddress: 1)
    let whole = TMCLCodecTests.bytes(Self.reply.frame)
    #expect(Self.feed(&accumulator, whole.prefix(length) + whole) == [Self.reply])
  }

  @Test("The echo of our own request is not a reply") func echo() {
    var accumulator = TMCLReplyAccumulator(replyAddress: 2, moduleAddress: 1)
    let request = TMCLRequest(address: 1, .getAxis, type: 1, motor: 0, value: 0)
    let line = TMCLCodecTests.bytes(request.frame) + TMCLCodecTests.bytes(Self.reply.frame)
    #expect(Self.feed(&accumulator, line) == [Self.reply])
  }

  @Test("A reply to another host, from another module or with an unknown status is not ours")
  func foreign() {
    for reply in [
      TMCLReply(to: 3, from: 1, .success, .getAxis, value: 0),
      TMCLReply(to: 2, from: 4, .success, .getAxis, value: 0),
      TMCLReply(to: 2, from: 1, TMCLStatus(77), .getAxis, value: 0),
    ] {
      var accumulator = TMCLReplyAccumulator(replyAddress: 2, moduleAddress: 1)
      #expect(Self.feed(&accumulator, TMCLCodecTests.bytes(reply.frame)).isEmpty)
    }
  }

  @Test("A wrong checksum is counted") func wrongChecksum() {
    var accumulator = TMCLReplyAccumulator(replyAddress: 2, moduleAddress: 1)
    var bytes = TMCLCodecTests.bytes(Self.reply.frame)
    bytes[8] ^= 1
    #expect(Self.feed(&accumulator, bytes).isEmpty)
    #expect(accumulator.checksumErrors == 1)
  }

  @Test("Random garbage between replies: every reply is found, and hardly ever one that was not sent")
  func randomGarbage() {
    let seed = UInt64.random(in: 1...UInt64.max)
    var generator = SplitMix(state: seed)
    var accumulator = TMCLReplyAccumulator(replyAddress: 2, moduleAddress: 1)
    var found = 0
    var wrong = 0
    let rounds = 20_000
    for _ in 0..<rounds {
      let expected = TMCLReply(
        to: 2, from: 1, .success, .getAxis, value: Int32(truncatingIfNeeded: generator.next()))
      let garbage = (0..<Int(generator.next() % 40)).map { _ in
        UInt8(truncatingIfNeeded: generator.next() >> 17)
      }
      let replies = Self.feed(&accumulator, garbage + TMCLCodecTests.bytes(expected.frame))
      if replies.last == expected { found += 1 }
      wrong += replies.count { $0 != expected }
    }
    // One window in 2^16 × 32 × 256 fits by chance; 20,000 rounds hold half a million windows.
    #expect(wrong <= 1, "seed \(seed): \(wrong) replies that were never sent")
    #expect(found >= rounds - 1, "seed \(seed): \(found) of \(rounds) replies found")
  }
}

/// SplitMix64, for repeatable randomness.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
