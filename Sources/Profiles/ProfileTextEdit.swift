import NeedleSafety

/// A profile's text with the values of some of its fields replaced. Everything else stays as a person wrote it, comments included.
struct ProfileTextEdit {
  private(set) var lines: [String]
  private let root: ProfileNode

  /// `nil` when the text is not one mapping.
  init?(_ text: String) {
    guard let root = YamlText.read(text, log: ProblemLog(file: "", text: text)) else { return nil }
    self.root = root
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  var text: String { lines.joined(separator: "\n") }

  /// Gives a field of the file itself another value; a field that is not there yet is put behind the last of `neighbours` that is. `false`
  /// where its value is not written in one line.
  mutating func set(_ field: String, to value: String, behind neighbours: [String]) -> Bool {
    guard let entry = entry(field) else {
      let places = neighbours.compactMap { entry($0)?.node.place.line }
      let line = min(places.max() ?? lines.count, lines.count)
      lines.insert("\(field): \(Self.written(value))", at: line)
      return true
    }
    guard case .scalar(_, let quoted) = entry.node.content, entry.node.place.line == entry.keyPlace.line,
      lines.indices.contains(entry.node.place.line - 1)
    else { return false }
    let scalars = Array(lines[entry.node.place.line - 1].unicodeScalars)
    let start = entry.node.place.column - 1
    guard scalars.indices.contains(start) else { return false }
    let end = quoted ? Self.endOfQuoted(scalars, from: start) : Self.endOfPlain(scalars, from: start)
    var line = String.UnicodeScalarView(scalars[..<start])
    line.append(contentsOf: Self.written(value).unicodeScalars)
    line.append(contentsOf: scalars[end...])
    lines[entry.node.place.line - 1] = String(line)
    return true
  }

  /// Takes a field out with its line. Only the last change to a text: it moves the lines below.
  mutating func remove(_ field: String) {
    guard let entry = entry(field), lines.indices.contains(entry.keyPlace.line - 1) else { return }
    lines.remove(at: entry.keyPlace.line - 1)
  }

  private func entry(_ field: String) -> ProfileNode.Entry? {
    guard case .mapping(let entries) = root.content else { return nil }
    return entries.first { $0.key == field }
  }

  /// A plain value ends before a comment or the blanks at the end of its line.
  private static func endOfPlain(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
    var end = start
    for index in start..<scalars.count {
      if scalars[index] == "#", index > start, scalars[index - 1] == " " || scalars[index - 1] == "\t" {
        break
      }
      if scalars[index] != " ", scalars[index] != "\t" { end = index + 1 }
    }
    return end
  }

  private static func endOfQuoted(_ scalars: [Unicode.Scalar], from start: Int) -> Int {
    let quote = scalars[start]
    var index = start + 1
    while index < scalars.count {
      let isEscape =
        quote == "\"" ? scalars[index] == "\\" : scalars[index] == "'" && scalars[safe: index + 1] == "'"
      if isEscape {
        index += 2
        continue
      }
      if scalars[index] == quote { return index + 1 }
      index += 1
    }
    return scalars.count
  }

  /// Plain where nothing in it means something to YAML, in quotes otherwise.
  private static func written(_ value: String) -> String {
    let isPlain = value.unicodeScalars.allSatisfy { scalar in
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", " ", ".", "/", "%", "_", "-", "µ", "°", "²": true
      default: false
      }
    }
    let startsPlain = value.unicodeScalars.first.map { ("a"..."z").contains($0) || ("0"..."9").contains($0) }
    if isPlain, startsPlain == true, value.last != " " { return value }
    return CanonicalText.quoted(value)
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}

extension NeedleProfile {
  /// The text of a profile with some fields changed, each new value in the unit it is shown in. Where the text with the change would not mean
  /// what the change says, `nil`: it has to be edited by hand.
  public static func text(
    _ text: String, named name: String, changing changes: [NeedleChange], in surroundings: NeedleSurroundings
  ) -> String? {
    guard let raw = edited(text, changes) else { return nil }
    let file = "\(name).yaml"
    // A value that is refused stays as it was typed, so that the problem points at it.
    guard let changed = decode(ProfileSource(file: file, text: raw), in: surroundings).profile else {
      return raw
    }
    let rows = changed.rows(in: nil)
    let shown = changes.compactMap { change in
      rows.first { $0.field == change.field }.map { NeedleChange(field: change.field, value: $0.value) }
    }
    guard let neat = edited(text, shown, mode: changed.settings.mode.name),
      decode(ProfileSource(file: file, text: neat), in: surroundings).profile == changed
    else { return raw }
    return neat
  }

  private static func edited(_ text: String, _ changes: [NeedleChange], mode: String? = nil) -> String? {
    var text = text
    for change in changes {
      guard var edit = ProfileTextEdit(text),
        edit.set(change.field, to: change.value, behind: NeedleChange.fields)
      else { return nil }
      text = edit.text
    }
    guard (mode ?? changes.last { $0.field == "mode" }?.value) == "continuous" else { return text }
    for field in ["strokes_per_dot", "dot_rate"] {
      guard var edit = ProfileTextEdit(text) else { return nil }
      edit.remove(field)
      text = edit.text
    }
    return text
  }
}
