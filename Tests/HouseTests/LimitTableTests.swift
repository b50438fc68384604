import Foundation
import Testing

/// Holds the page `LimitsAndTests` complete: every row of the product's tables, every ceiling, signal, fault and condition, each
/// with tests that exist.
@Suite struct LimitTableTests {
  static let page = "Sources/NeedleSafety/NeedleSafety.docc/LimitsAndTests.md"

  /// The rows of the limits table as the product has them.
  static let limits = [
    "stroke rate", "depth, hairline, temples, frontal, sides, nape", "depth, mid, crown, scar",
    "depth on the bench, no client", "dwell per stroke", "FIRE one-shot in the board",
    "minimum off-time between strokes", "strokes per dot", "dot rate in dot mode", "needle not home (stall)",
    "continuous run, one press", "duty over 10 min", "motor-on per session", "dots per cm², one session",
    "dots per cm², whole plan", "interval before the same zone again", "motor current", "motor case",
    "command lease", "control period", "wake-up jitter to arm",
  ]

  static func read(_ path: String) throws -> String {
    try String(contentsOf: House.root.appending(path: path), encoding: .utf8)
  }

  /// The cells of a section's table, head left out.
  static func rows(of section: String) throws -> [[String]] {
    let text = try read(page)
    guard let part = text.components(separatedBy: "### ").first(where: { $0.hasPrefix(section) }) else {
      return []
    }
    let lines = part.split(separator: "\n").filter { $0.hasPrefix("| ") }.dropFirst()
    return lines.map { line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
  }

  static func names(in path: String, _ pattern: Regex<(Substring, Substring)>) throws -> [String] {
    try read(path).matches(of: pattern).map { String($0.1) }
  }

  @Test func everyLimitOfTheProductHasItsRow() throws {
    #expect(try Self.rows(of: "Limits").map { $0[0] } == Self.limits)
  }

  @Test func everyCeilingIsInTheTable() throws {
    let file = try Self.read("Sources/NeedleSafety/Ceilings.swift")
    let declared = file.components(separatedBy: "static var absolute").first ?? ""
    let fields = declared.matches(of: #/public var ([a-zA-Z]+): /#).map { String($0.1) }
    #expect(fields.count == 20)
    let cells = try Self.rows(of: "Limits").map { $0[1] }.joined(separator: " ")
    for field in fields { #expect(cells.contains("`\(field)`"), "ceiling \(field) has no row") }
  }

  @Test func everySignalIsInTheTable() throws {
    let lines = try Self.names(in: "Sources/NeedleSafety/Signals.swift", #/: "([A-Z_]+)"/#)
    #expect(lines.count == 18)
    let cells = try Self.rows(of: "Signals").map { $0[0] }.joined(separator: " ")
    for line in lines { #expect(cells.contains("`\(line)`"), "signal \(line) has no row") }
  }

  @Test func everyFaultAndEveryConditionHasItsRow() throws {
    let faults = try Self.names(in: "Sources/NeedleSafety/Fault.swift", /case \.[A-Za-z]+: "([a-z_]+)"/)
      .filter { !["low", "medium", "high"].contains($0) }
    #expect(try Self.rows(of: "Faults").map { $0[0] } == faults.map { "`\($0)`" })
    let text = try Self.read("Sources/NeedleSafety/ArmCondition.swift")
    let named = text.components(separatedBy: "public var remedy").first ?? ""
    let conditions = named.matches(of: /case \.[A-Za-z]+: "([a-z_]+)"/).map { "`\($0.1)`" }
    #expect(conditions.count == 22)
    #expect(try Self.rows(of: "Conditions of arming").map { $0[0] } == conditions)
  }

  @Test func everyRowNamesTestsThatExist() throws {
    let tests = try House.swiftFiles(under: "Tests").flatMap(\.lines).joined(separator: "\n")
    for section in ["Limits", "Signals", "Faults", "Conditions of arming"] {
      let rows = try Self.rows(of: section)
      #expect(rows.count >= 11)
      for row in rows {
        let named = row.last?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } ?? []
        #expect(!named.isEmpty, "\(row) names no test")
        for name in named { #expect(tests.contains("func \(name)("), "\(row[0]): no test \(name)") }
      }
    }
  }
}
