import Foundation
import Testing

/// Holds `hazards.yaml` to the code: no row names what is not there, and no fault is without a row.
@Suite struct HazardTests {
  /// The rows of the file, field by field. It is written by us and plain: a key and a text on each line.
  static func rows() throws -> [[String: String]] {
    let text = try String(contentsOf: House.root.appending(path: "hazards.yaml"), encoding: .utf8)
    var rows: [[String: String]] = []
    for line in text.split(separator: "\n") {
      let isNew = line.hasPrefix("  - ")
      guard isNew || line.hasPrefix("    ") else { continue }
      let field = line.dropFirst(4).split(separator: ":", maxSplits: 1)
      guard field.count == 2 else { continue }
      if isNew { rows.append([:]) }
      let value = field[1].trimmingCharacters(in: CharacterSet(charactersIn: " \""))
      rows[rows.count - 1][String(field[0])] = value
    }
    return rows
  }

  static func text(of folder: String) throws -> String {
    try House.swiftFiles(under: folder).flatMap(\.lines).joined(separator: "\n")
  }

  @Test func everyRowIsWholeAndNamesAControlAndATestThatExist() throws {
    let sources = try Self.text(of: "Sources")
    let tests = try Self.text(of: "Tests")
    let rows = try Self.rows()
    #expect(rows.count >= 25)
    for row in rows {
      let name = "\(row["hazard"] ?? "?"): \(row["cause"] ?? "?")"
      for key in ["hazard", "cause", "control", "test", "residual"] {
        #expect(row[key]?.isEmpty == false, "\(name) has no \(key)")
      }
      let control = row["control"] ?? ""
      if !control.hasPrefix("hardware: ") {
        let declared = ["func", "struct", "var", "let", "case"].contains {
          sources.contains("\($0) \(control)")
        }
        #expect(declared, "\(name): control \(control) is not declared in Sources")
      }
      let test = row["test"] ?? "?"
      #expect(tests.contains("func \(test)("), "\(name): no test \(test)")
    }
  }

  @Test func everyFaultCodeHasARow() throws {
    let file = try String(
      contentsOf: House.root.appending(path: "Sources/NeedleSafety/Fault.swift"), encoding: .utf8)
    let names = file.matches(of: /case \.[A-Za-z]+: "([a-z_]+)"/).map { String($0.1) }
    let codes = names.filter { !["low", "medium", "high"].contains($0) }
    #expect(codes.count == 24)
    let covered = Set(try Self.rows().compactMap { $0["fault"] })
    for code in codes { #expect(covered.contains(code), "fault \(code) has no row in hazards.yaml") }
    for code in covered {
      #expect(codes.contains(code), "hazards.yaml names a fault \(code) that does not exist")
    }
  }

  @Test func theMonitorSharesNoCodeWithTheController() throws {
    for file in try House.swiftFiles(under: "Tests/TreatmentMonitor") {
      for module in file.imports {
        #expect(
          ["Units", "NeedleSafety", "VirtualHandpiece"].contains(module), "\(file.path) imports \(module)")
      }
      for word in ["Ceilings", "Envelope", "Monitor()", "FaultCode", "SignalTiming"] where word != "Monitor()"
      {
        let used = file.lines.contains { $0.contains(word) }
        #expect(!used, "\(file.path) uses \(word)")
      }
    }
  }
}
