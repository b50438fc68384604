import Units

/// Reads the fields of one section strictly: every key asked for is known, every other one is refused.
final class SectionReader {
  let log: ProblemLog
  /// The section's dotted path, empty for the file itself.
  let path: String
  let place: Place
  private let entries: [ProfileNode.Entry]
  private var known: [String] = []

  init(_ node: ProfileNode, path: String, log: ProblemLog) {
    self.log = log
    self.path = path
    place = node.place
    if case .mapping(let entries) = node.content {
      self.entries = entries
    } else {
      entries = []
    }
  }

  /// The dotted path of a key of this section.
  func field(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func has(_ key: String) -> Bool { entries.contains { $0.key == key } }

  /// Where the key's value stands; the section itself when the key is absent.
  func place(of key: String) -> Place { entries.first { $0.key == key }?.node.place ?? place }

  func error(_ message: String, at key: String, value: String? = nil, ceiling: String? = nil) {
    log.error(message, at: place(of: key), field: field(key), value: value, ceiling: ceiling)
  }

  /// The node of a key; a missing one is reported when it is required.
  func node(_ key: String, required: Bool = true, expected: String = "") -> ProfileNode? {
    known.append(key)
    if let entry = entries.first(where: { $0.key == key }) { return entry.node }
    if required {
      let hint = expected.isEmpty ? "" : "; expected \(expected)"
      let section = path.isEmpty ? "" : " in '\(path)'"
      log.error("\(Self.missing(key))\(section)\(hint)", at: place, field: field(key))
    }
    return nil
  }

  private static func missing(_ key: String) -> String { "missing key '\(key)'" }

  /// The text of a scalar that is not empty.
  func text(_ key: String, required: Bool = true, expected: String) -> String? {
    scalar(key, required: required, expected: expected)?.text
  }

  func scalar(_ key: String, required: Bool = true, expected: String) -> (text: String, quoted: Bool)? {
    guard let node = node(key, required: required, expected: expected) else { return nil }
    guard case .scalar(let text, let quoted) = node.content else {
      error("'\(key)' is \(node.title); expected \(expected)", at: key)
      return nil
    }
    guard !text.isEmpty else {
      error("'\(key)' has no value; expected \(expected)", at: key)
      return nil
    }
    if let intruder = text.unicodeScalars.first(where: Self.isControl) {
      let number = String(intruder.value, radix: 16, uppercase: true)
      let padded = String(repeating: "0", count: max(0, 4 - number.count)) + number
      error("'\(key)' holds the control character U+\(padded); write plain text", at: key)
      return nil
    }
    return (text, quoted)
  }

  /// What a terminal would act on, or YAML read as the end of a line: no profile has a use for it.
  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\n", "\t": false
    case "\u{2028}", "\u{2029}", "\u{FEFF}": true
    default: scalar.properties.generalCategory == .control
    }
  }

  /// A quantity within `range`; what is outside is reported with the bound it broke, or with the tighter `ceiling` that binds
  /// it later anyway.
  func quantity<Value: WrittenQuantity>(
    _ key: String, in range: ClosedRange<Value>, required: Bool = true, of source: String = "absolute",
    ceiling: Value? = nil
  ) -> Value? {
    let dimension = Value.dimension
    let expected = "\(dimension.title) such as \(dimension.example)"
    guard let text = text(key, required: required, expected: expected) else { return nil }
    do {
      let value = try Quantity.read(text, as: Value.self)
      return bounded(value, in: range, key, source, ceiling: ceiling ?? range.upperBound) ? value : nil
    } catch {
      self.error("'\(key)': \(error.message)", at: key)
      return nil
    }
  }

  /// A whole number within `range`.
  func count(
    _ key: String, in range: ClosedRange<Int64>, required: Bool = true, of source: String = "absolute"
  ) -> Int64? {
    guard let text = text(key, required: required, expected: "a whole number") else { return nil }
    do {
      let value = Count(try Quantity.readCount(text))
      let range = Count(range.lowerBound)...Count(range.upperBound)
      return bounded(value, in: range, key, source, ceiling: range.upperBound) ? value.count : nil
    } catch {
      self.error("'\(key)': \(error.message)", at: key)
      return nil
    }
  }

  /// One of a few words.
  func word<Value>(_ key: String, required: Bool = true, among words: [(String, Value)]) -> Value? {
    let names = words.map(\.0)
    let expected = "one of \(names.joined(separator: ", "))"
    guard let text = text(key, required: required, expected: expected) else { return nil }
    if let match = words.first(where: { $0.0 == text }) { return match.1 }
    let near = NearestWord.suggestion(for: text, in: names)
    error("'\(key)': '\(text)' is not \(expected)\(near)", at: key)
    return nil
  }

  func flag(_ key: String, required: Bool = true) -> Bool? {
    word(key, required: required, among: [("true", true), ("false", false)])
  }

  /// The words of a list, each with its place. Empty lists and repeated words are refused.
  func words(_ key: String, required: Bool = true, expected: String) -> [(text: String, place: Place)]? {
    guard let node = node(key, required: required, expected: expected) else { return nil }
    guard case .list(let items) = node.content, !items.isEmpty else {
      error("'\(key)' is \(node.title); expected \(expected)", at: key)
      return nil
    }
    var words: [(text: String, place: Place)] = []
    for item in items {
      guard case .scalar(let text, _) = item.content, !text.isEmpty else {
        log.error("'\(key)': \(item.title) in a list of words", at: item.place, field: field(key))
        continue
      }
      if words.contains(where: { $0.text == text }) {
        log.error("'\(key)': '\(text)' is listed twice", at: item.place, field: field(key))
        continue
      }
      words.append((text, item.place))
    }
    return words
  }

  /// A section inside this one.
  func section(_ key: String, required: Bool = true) -> SectionReader? {
    guard let node = node(key, required: required, expected: "a section") else { return nil }
    guard case .mapping = node.content else {
      error("'\(key)' is \(node.title); expected a section of 'key: value' lines", at: key)
      return nil
    }
    return SectionReader(node, path: field(key), log: log)
  }

  /// Marks a key as known and refuses it here, with the reason.
  func refuse(_ key: String, because reason: String) {
    known.append(key)
    guard let entry = entries.first(where: { $0.key == key }) else { return }
    log.error("'\(key)' \(reason)", at: entry.keyPlace, field: field(key))
  }

  /// Takes every key for known: where what they mean could not be found out, calling them unknown would mislead.
  func acceptRest() { known += entries.map(\.key) }

  /// Refuses every key that nothing asked for.
  func finish() {
    for entry in entries where !known.contains(entry.key) {
      let absent = known.filter { !has($0) }
      let near = NearestWord.suggestion(for: entry.key, in: absent)
      // One slip is one problem: the key that is missing is the one that is misspelt here.
      if let meant = NearestWord.to(entry.key, in: absent) {
        log.withdraw(Self.missing(meant), of: field(meant))
      }
      let section = path.isEmpty ? "" : " in '\(path)'"
      log.error("unknown key '\(entry.key)'\(section)\(near)", at: entry.keyPlace, field: field(entry.key))
    }
  }

  private func bounded<Value: Comparable & CustomStringConvertible>(
    _ value: Value, in range: ClosedRange<Value>, _ key: String, _ source: String, ceiling: Value
  ) -> Bool {
    if value > range.upperBound {
      error(
        "'\(key)' \(value) is above the ceiling \(ceiling) (\(source))", at: key, value: "\(value)",
        ceiling: "\(ceiling)")
      return false
    }
    if value < range.lowerBound {
      error(
        "'\(key)' \(value) is below the least allowed, \(range.lowerBound) (\(source))", at: key,
        value: "\(value)", ceiling: "\(range.lowerBound)")
      return false
    }
    return true
  }
}
