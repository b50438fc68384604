import Units

/// A session's records as text that other programs read.
public struct SessionExport: Sendable {
  public enum Format: String, CaseIterable, Sendable {
    /// Comma-separated values as RFC 4180 has them, one channel, its fields as columns; a field that was not measured is empty.
    case csv
    /// One JSON object per line.
    case jsonl
  }

  public let format: Format
  /// `nil` for all.
  public let channels: Set<SessionChannel>?

  /// Throws `.refused` when CSV is asked for with more than one channel; its default is `/stroke`.
  public init(_ format: Format, channels: Set<SessionChannel>?) throws(SessionLogError) {
    self.format = format
    guard format == .csv else {
      self.channels = channels
      return
    }
    guard (channels?.count ?? 1) == 1 else {
      throw .refused("csv holds one channel, because its columns are the channel's fields")
    }
    self.channels = channels ?? [.stroke]
  }

  /// The first line, if the format has one.
  public var heading: String {
    guard format == .csv, let channel = channels?.first else { return "" }
    return (["at_us"] + channel.shape.fields.map(\.name)).joined(separator: ",") + "\r\n"
  }

  /// Adds an event's line, if its channel is wanted.
  public func add(_ event: SessionEvent, to text: inout String) {
    let channel = event.record.channel
    guard channels?.contains(channel) ?? true else { return }
    switch format {
    case .csv: addValues(event, channel, to: &text)
    case .jsonl: addObject(event, channel, to: &text)
    }
  }

  private func addValues(_ event: SessionEvent, _ channel: SessionChannel, to text: inout String) {
    text += "\(event.at.sinceEpoch.inMicroseconds)"
    var fields = event.fields[...]
    for column in channel.shape.fields {
      text += ","
      guard let field = fields.first, field.name == column.name else { continue }
      fields = fields.dropFirst()
      switch field.value {
      case .integer(let value): text += "\(value)"
      case .boolean(let value): text += value ? "true" : "false"
      case .text(let value): text += Self.quoted(value)
      case .integers(let values): text += values.map { "\($0)" }.joined(separator: " ")
      }
    }
    text += "\r\n"
  }

  private func addObject(_ event: SessionEvent, _ channel: SessionChannel, to text: inout String) {
    text += "{\"at_us\":\(event.at.sinceEpoch.inMicroseconds),\"channel\":\"\(channel.topic)\""
    for field in event.fields {
      text += ",\"\(field.name)\":"
      switch field.value {
      case .integer(let value): text += "\(value)"
      case .boolean(let value): text += value ? "true" : "false"
      case .text(let value): text += Self.escaped(value)
      case .integers(let values): text += "[" + values.map { "\($0)" }.joined(separator: ",") + "]"
      }
    }
    text += "}\n"
  }

  /// In quotes where it has to be; a value that a spreadsheet would take for a formula is made text of.
  private static func quoted(_ value: String) -> String {
    let isFormula = value.utf8.first.map { "=+-@".utf8.contains($0) } ?? false
    let needsQuotes = isFormula || value.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 < 0x20 }
    guard needsQuotes else { return value }
    let inner = value.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"" + (isFormula ? "'" : "") + inner + "\""
  }

  /// As RFC 8259 has it.
  private static func escaped(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
