import Testing
import Units

@testable import SessionLog

/// A power cut: what was synced is on the disk; of the rest, every sector may be there, be zeros, be rubbish, or never have been.
@Suite struct PowerCutTests {
  /// What a session had done when the power went.
  private struct Cut {
    var made: UInt64 = 0
    var synced: UInt64 = 0
    var granted: UInt64 = 0
    var durableBytes = 0
  }

  private static let sector = 512

  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6])
  func everySyncedStrokeIsThereAndEveryOtherOneIsMissingOrUncertain(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for round in 1...60 {
      let folder = try TemporaryFolder()
      let cut = try record(folder, &random)
      try folder.alter("s1.mcap.part") { Self.tear(&$0, after: cut.durableBytes, &random) }
      try judge(cut, folder, "seed \(seed) round \(round)")
    }
  }

  /// Strokes within durable intents, flushed now and then and synced now and then.
  private func record(_ folder: TemporaryFolder, _ random: inout SeededGenerator) throws -> Cut {
    let writer = try Samples.writer(folder)
    var cut = Cut()
    func noteSync() throws {
      cut.synced = cut.made
      cut.durableBytes = try folder.bytes(of: "s1.mcap.part").count
    }
    try noteSync()
    for _ in 1...Int.random(in: 1...40, using: &random) {
      if cut.granted < cut.made + 12 {
        try Samples.grant(cut.granted + 1, cut.granted + 20, writer)
        cut.granted += 20
        try noteSync()
      }
      let count = UInt64.random(in: 1...9, using: &random)
      try Samples.add(cut.made + 1...cut.made + count, to: writer)
      cut.made += count
      if Int.random(in: 1...4, using: &random) == 1 {
        try writer.sync(at: Samples.at(cut.made))
        try noteSync()
      }
    }
    return cut
  }

  private static func tear(_ bytes: inout [UInt8], after durable: Int, _ random: inout SeededGenerator) {
    let length = Int.random(in: durable...bytes.count, using: &random)
    bytes.removeLast(bytes.count - length)
    for start in stride(from: durable, to: length, by: sector) {
      let range = start..<min(start + sector, length)
      switch Int.random(in: 1...3, using: &random) {
      case 1: for index in range { bytes[index] = 0 }
      case 2: for index in range { bytes[index] = UInt8.random(in: 0...255, using: &random) }
      default: break
      }
    }
  }

  private func judge(_ cut: Cut, _ folder: TemporaryFolder, _ name: String) throws {
    var logged: [UInt64] = []
    let digest = try SessionReader.read([folder.path + "/s1.mcap.part"]) { event in
      guard case .stroke(let stroke) = event.record else { return }
      logged.append(stroke.sequence)
      #expect(stroke == Samples.stroke(stroke.sequence), "\(name): nothing is invented")
    }
    #expect(logged == logged.sorted() && Set(logged).count == logged.count, "\(name): none twice")
    #expect(
      Set(logged).isSuperset(of: cut.synced == 0 ? [] : Set(1...cut.synced)), "\(name): synced \(cut.synced)")
    #expect(logged.allSatisfy { $0 <= cut.made }, "\(name)")
    let last = logged.last ?? 0
    #expect(
      digest.missingStrokes == last - UInt64(logged.count), "\(name): gaps before the last one are said")
    guard cut.made > last else { return }
    let open = try #require(digest.open, "\(name): \(last) of \(cut.made) are logged")
    #expect(open.firstStroke == last + 1, "\(name)")
    #expect(open.lastStroke >= cut.made, "\(name): made \(cut.made), uncertain to \(open.lastStroke)")
  }
}

/// SplitMix64: the same sequence on every machine.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
