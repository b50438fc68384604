/// Which of the three kinds a profile is.
public enum ProfileKind: String, CaseIterable, Sendable {
  case machine, cartridge, needle

  /// The folder of a profile tree that holds this kind.
  public var folder: String { rawValue + "s" }
}

/// What every profile starts with: schema, kind, name and description.
struct ProfileHead {
  /// The only schema there is.
  static let schema: Int64 = 1

  let name: String
  let description: String

  /// Reads and checks the head; `nil` when its kind or schema is another one, since then no other field means anything.
  static func read(_ section: SectionReader, kind: ProfileKind, source: ProfileSource) -> ProfileHead? {
    guard let schema = section.count("schema", in: 0...Int64(Int32.max)) else { return nil }
    guard schema == Self.schema else {
      section.error(
        "'schema' \(schema) is not known to this program; expected schema: \(Self.schema)", at: "schema")
      return nil
    }
    let kinds = ProfileKind.allCases.map { ($0.rawValue, $0) }
    guard let found = section.word("profile", among: kinds) else { return nil }
    guard found == kind else {
      section.error(
        "this is a \(found.rawValue) profile; a \(kind.rawValue) profile belongs here", at: "profile")
      return nil
    }
    let name = section.text("name", expected: "the file's name without .yaml")
    if let name, !isName(name) {
      section.error(
        "'name': '\(name)' is not a name: lower-case letters, digits and '-', starting with a letter or digit, "
          + "at most 63", at: "name")
    } else if let name, source.isNamed, name != source.stem, source.stem != kind.rawValue {
      // A file named after its kind alone, /etc/stipple/machine.yaml, is the one of its place, whichever that is.
      section.error("'name' is '\(name)', but the file is called '\(source.stem)'", at: "name")
    }
    let description = section.text("description", expected: "one line on what it is for")
    return ProfileHead(name: name ?? source.stem, description: description ?? "")
  }

  /// Names are file names, socket values and command-line words: nothing in them needs quoting anywhere.
  static func isName(_ name: String) -> Bool {
    guard (1...63).contains(name.utf8.count), name.utf8.first != UInt8(ascii: "-") else { return false }
    return name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        true
      default: false
      }
    }
  }
}
