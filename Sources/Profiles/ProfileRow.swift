/// One field of a profile as it is shown: each value in one unit, with the ceiling it is held against.
public struct ProfileRow: Hashable, Sendable {
  /// Dotted path, as a person writes it on the command line: `depth`, `timing.lease`.
  public let field: String
  public let value: String
  /// The limit that binds the field, `nil` where there is none.
  public let ceiling: String?
  /// Whose limit that is: `absolute`, `machine 'rig'`, `cartridge '1rl-025'`, `this profile`.
  public let ceilingSource: String?
  /// Free text, which the canonical form quotes.
  let isText: Bool

  init(
    _ field: String, _ value: String, ceiling: String? = nil, of source: String? = nil, isText: Bool = false
  ) {
    self.field = field
    self.value = value
    self.ceiling = ceiling
    ceilingSource = source
    self.isText = isText
  }
}

/// The one text of a profile that depends on its values only: fields in a fixed order, each value in one unit, no comments.
///
/// It decodes back to an equal profile, so its hash is the profile's identity and its lines make a diff.
enum CanonicalText {
  static func of(_ kind: ProfileKind, name: String, summary: String, rows: [ProfileRow]) -> String {
    var lines = ["schema: \(ProfileHead.schema)", "profile: \(kind.rawValue)", "name: \(name)"]
    lines.append("description: \(quoted(summary))")
    var open: [Substring] = []
    for row in rows {
      let path = row.field.split(separator: ".")
      let sections = path.dropLast()
      var shared = 0
      while shared < min(open.count, sections.count), open[shared] == sections[shared] { shared += 1 }
      for (depth, section) in sections.enumerated().dropFirst(shared) {
        lines.append(String(repeating: "  ", count: depth) + section + ":")
      }
      open = Array(sections)
      let value = row.isText ? quoted(row.value) : row.value
      lines.append(String(repeating: "  ", count: sections.count) + (path.last ?? "") + ": " + value)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        quoted.unicodeScalars.append("\\")
        quoted.unicodeScalars.append(scalar)
      case "\t": quoted += "\\t"
      case "\n": quoted += "\\n"
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
