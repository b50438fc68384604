/// Collects what is wrong with one text, so that a person sees all of it at once.
final class ProblemLog {
  /// More than this and the text is not a profile with mistakes but something else.
  static let capacity = 64

  let file: String
  private let lines: [Substring]
  private var kept: [ProfileProblem] = []
  private var dropped = 0

  init(file: String, text: String) {
    self.file = file
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  func error(
    _ message: String, at place: Place, field: String? = nil, value: String? = nil, ceiling: String? = nil
  ) {
    append(.error, message, place, field, value, ceiling)
  }

  func warning(
    _ message: String, at place: Place, field: String? = nil, value: String? = nil, ceiling: String? = nil
  ) {
    append(.warning, message, place, field, value, ceiling)
  }

  /// Takes back what was said of a field: something found later says it better.
  func withdraw(_ message: String, of field: String) {
    kept.removeAll { $0.field == field && $0.message.hasPrefix(message) }
  }

  /// Errors so far; decoding goes on after an error to find the others, but gives no profile.
  var hasErrors: Bool { dropped > 0 || kept.contains { $0.severity == .error } }

  /// Everything collected, in the order of the text.
  var problems: [ProfileProblem] {
    var sorted = kept.sorted { $0.place < $1.place }
    if dropped > 0 {
      sorted.append(
        ProfileProblem(file: file, place: .wholeFile, message: "\(dropped) more problems are not shown"))
    }
    return sorted
  }

  /// The place itself, or, where it is in an empty line or behind the end, the end of the last line that has any text: that is
  /// where a person looks for what is missing.
  func lastText(before place: Place) -> Place {
    guard place.line > lines.count || source(of: place.line)?.isEmpty != false else { return place }
    let above = lines.prefix(place.line - 1)
    guard let last = above.lastIndex(where: { !$0.isEmpty }) else { return Place(line: 1, column: 1) }
    return Place(line: last + 1, column: lines[last].unicodeScalars.count + 1)
  }

  private func append(
    _ severity: ProfileProblem.Severity, _ message: String, _ place: Place, _ field: String?,
    _ value: String?,
    _ ceiling: String?
  ) {
    guard kept.count < Self.capacity else {
      dropped += 1
      return
    }
    kept.append(
      ProfileProblem(
        severity: severity, file: file, place: place, field: field, message: message, value: value,
        ceiling: ceiling, source: source(of: place.line)))
  }

  private func source(of line: Int) -> String? {
    guard line >= 1, line <= lines.count else { return nil }
    let source = lines[line - 1]
    return String(source.last == "\r" ? source.dropLast() : source)
  }
}
