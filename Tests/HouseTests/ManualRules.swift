import Foundation
import Testing

/// The manual page of the profiles names every key that the shipped profiles use.
@Suite struct ManualRules {
  @Test func everyKeyOfAProfileIsInTheManual() throws {
    let manual = try String(
      contentsOf: House.root.appending(path: "Documentation/man/stipple-machine.5"), encoding: .utf8)
    let words = Set(manual.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    var keys: Set<String> = []
    let folder = House.root.appending(path: "Firmware-Profiles")
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where name.hasSuffix(".yaml")
    {
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      for line in text.split(separator: "\n") {
        let line = line.drop { $0 == " " }
        guard !line.hasPrefix("#"), let colon = line.firstIndex(of: ":") else { continue }
        keys.insert(String(line[..<colon]))
      }
    }
    #expect(keys.count > 100, "only \(keys.count) keys were found")
    #expect(keys.subtracting(words) == [], "keys that stipple-machine(5) lacks")
  }
}
