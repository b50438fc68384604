import Profiles
import Testing

/// Any bytes at all: an answer, never a crash, and always either a profile or the reason why not.
@Suite struct DamagedTextTests {
  @Test func damagedTextsGiveAProfileOrAReason() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let texts = [NeedleText.good, NeedleText.cartridge, MachineText.virtual, MachineText.board].map {
      Array($0.utf8)
    }
    let pieces = [
      "&a ", "*a", "!!str ", "[", "]", "{", "}", ": ", "- ", "? ", "\n", "\"", "'", "#", "|\n", ">\n",
      "%YAML 1.1\n", "---\n",
      "...\n", "\t", "<<: ", "\u{FEFF}", "\\x00", "99999999999999999999", "-", "µ",
    ].map { Array($0.utf8) }
    for round in 0..<3_000 {
      var bytes = texts.randomElement(using: &random) ?? []
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let at = Int.random(in: 0...bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes.insert(UInt8.random(in: 0...255, using: &random), at: at)
        case 1: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: at)
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &random)))
        default:
          let piece = bytes[at..<min(bytes.count, at + Int.random(in: 1...60, using: &random))]
          bytes.insert(contentsOf: Array(piece), at: Int.random(in: 0...bytes.count, using: &random))
        }
      }
      let source = ProfileSource(file: "a.yaml", bytes: bytes)
      let note: Comment = "seed \(seed), round \(round)"
      let machine = MachineProfile.decode(source)
      let cartridge = CartridgeProfile.decode(source)
      let needle = NeedleProfile.decode(source, in: .unknown)
      #expect((machine.profile == nil) == !machine.errors.isEmpty, note)
      #expect((cartridge.profile == nil) == !cartridge.errors.isEmpty, note)
      #expect((needle.profile == nil) == !needle.errors.isEmpty, note)
      let problems = machine.problems + cartridge.problems + needle.problems
      #expect(problems.allSatisfy { $0.description.hasPrefix("a.yaml:") }, note)
    }
  }
}
