import ControlInterface
import Testing
import Varlink

/// What every definition of ours keeps to.
@Suite struct DefinitionRules {
  private static let texts = [
    Device.definitionText, Sessions.definitionText, Profiles.definitionText, Simulation.definitionText,
    Clients.definitionText, Plans.definitionText, Audit.definitionText,
  ]

  /// Integers that count things have no unit.
  private static let counts: Set<String> = [
    "after_sequence", "base_version", "checksum_errors", "column", "connections", "count", "cpu",
    "discarded_bytes", "dots", "dots_limit", "events_dropped", "first_stroke", "first_wrong_sequence",
    "from_version", "last_stroke", "limit", "line", "losses", "missed", "misses", "number", "priority",
    "rejected", "replies", "resets", "sequence", "sessions", "sessions_done", "shipped_version", "stale",
    "steps_done", "steps_total", "strokes", "strokes_per_dot", "system_calls", "timeouts", "version", "wakes",
  ]
  private static let units = [
    "_us", "_ms", "_um", "_mm2", "_cm2", "_percent", "_bytes", "_days", "_entries", "_years", "_ma", "_hz",
    "_s",
    "_c",
  ]

  @Test(arguments: texts)
  func everyMemberIsDocumented(text: String) throws {
    let definition = try InterfaceDefinition(text)
    #expect(!definition.documentation.isEmpty)
    for type in definition.types.values { #expect(!type.documentation.isEmpty, "\(type.name)") }
    for method in definition.methods.values { #expect(!method.documentation.isEmpty, "\(method.name)") }
    for error in definition.errors.values { #expect(!error.documentation.isEmpty, "\(error.name)") }
  }

  @Test(arguments: texts)
  func everyNumberHasItsUnitInItsName(text: String) throws {
    let definition = try InterfaceDefinition(text)
    for type in definition.types.values { check(type.type, type.name) }
    for method in definition.methods.values {
      check(.structure(method.parameters), method.name)
      check(.structure(method.reply), method.name)
    }
    for error in definition.errors.values { check(.structure(error.parameters), error.name) }
  }

  private func check(_ type: VarlinkType, _ name: String) {
    switch type {
    case .int, .float:
      #expect(
        Self.counts.contains(name) || Self.units.contains { name.hasSuffix($0) },
        "\(name) is a number without a unit")
    case .structure(let fields): for field in fields { check(field.type, field.name) }
    case .nullable(let inner), .array(let inner), .map(let inner): check(inner, name)
    default: break
    }
  }

  @Test func stopIsServedAheadOfOtherCallsAndNothingElseIs() throws {
    for text in Self.texts {
      for method in try InterfaceDefinition(text).methods.values {
        #expect(method.isUrgent == (method.name == "Stop"), "\(method.name)")
      }
    }
  }
}
