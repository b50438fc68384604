public import Units

/// A script of person actions, one a line: `at 2s pedal down`. Blank lines and lines that begin with `#` are left out.
public enum ActionScript {
  /// A line that cannot be read.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    public var line: Int
    public var text: String

    public init(line: Int, text: String) {
      self.line = line
      self.text = text
    }

    public var description: String {
      "line \(line): '\(text)' is not an action; write for example 'at 2s pedal down' or "
        + "'at 150ms inject stuck_low:NEEDLE_HOME'"
    }
  }

  /// The script's actions, their times counted from `start`.
  public static func entries(of text: String, from start: Instant) throws(Failure) -> [Timeline.Entry] {
    var entries: [Timeline.Entry] = []
    var number = 0
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      number += 1
      let words = line.split(separator: " ", maxSplits: 2)
      guard let first = words.first, !first.hasPrefix("#") else { continue }
      guard words.count == 3, first == "at", let delay = duration(words[1]),
        let action = PersonAction(words: words[2])
      else { throw Failure(line: number, text: String(line)) }
      entries.append(Timeline.Entry(at: start + delay, .person(action)))
    }
    return entries
  }

  /// `2s`, `1.5s`, `150ms`, `40us`, `7ns`, `3min`: whole nanoseconds, no more than 24 h. `nil` for anything else.
  public static func duration(_ text: some StringProtocol) -> Nanoseconds? {
    let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let scale: Int64
    switch text.dropFirst(number.count) {
    case "ns": scale = 1
    case "us": scale = 1_000
    case "ms": scale = 1_000_000
    case "s": scale = 1_000_000_000
    case "min": scale = 60_000_000_000
    default: return nil
    }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = parts.first, let whole = Int64(first), whole <= 86_400_000 else {
      return nil
    }
    var total = whole.multipliedReportingOverflow(by: scale)
    if parts.count == 2 {
      // Nine places at most, so that a fraction of a minute stays within 64 bits; it has to be whole nanoseconds.
      guard (1...9).contains(parts[1].count), let digits = Int64(parts[1]) else { return nil }
      var unit: Int64 = 1
      for _ in 0..<parts[1].count { unit *= 10 }
      guard digits * scale % unit == 0 else { return nil }
      total.partialValue += digits * scale / unit
    }
    guard !total.overflow, total.partialValue <= Nanoseconds.hours(24).count else { return nil }
    return Nanoseconds(total.partialValue)
  }
}
