import Glibc

/// Lines on standard error, for a daemon that was started by hand: time, level, text, and the fields behind it.
public struct StandardErrorSink: LogSink {
  public init() {}

  public func take(_ line: LogLine) -> Bool {
    let bytes = Array(Self.text(line, at: time(nil)).utf8)
    return unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
      == bytes.count
  }

  /// `2026-03-01T12:00:00Z error: text [ZONE=crown]`; `at` in seconds since 1970.
  static func text(_ line: LogLine, at seconds: time_t) -> String {
    let fields = line.fields.sorted { $0.key < $1.key }.filter { !$0.value.isEmpty }
      .map { "\($0.key)=\(quoted($0.value))" }.joined(separator: " ")
    let text = line.text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return "\(stamp(seconds)) \(line.level): \(text)\(fields.isEmpty ? "" : " [\(fields)]")\n"
  }

  private static func quoted(_ value: String) -> String {
    let value = value.split(whereSeparator: \.isNewline).joined(separator: " ")
    return value.contains(" ") ? "\"\(value)\"" : value
  }

  private static func stamp(_ seconds: time_t) -> String {
    var seconds = seconds
    var parts = unsafe tm()
    guard unsafe gmtime_r(&seconds, &parts) != nil else { return "?" }
    func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let date = unsafe "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
    return unsafe "\(date)T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
  }
}
