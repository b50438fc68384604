import ControlInterface
import Varlink

/// A recorded message in one line. Its fields carry their units in their names, as in the file.
enum EventText {
  private static let channelWidth = 10

  static func line(_ event: Sessions.Event, _ clock: WallClock) -> String {
    let fields = event.data.map { "\($0.name)=\(value($0.value))" }.joined(separator: " ")
    let channel = TextWidth.harmless(event.channel)
    let blanks = String(repeating: " ", count: max(0, channelWidth - TextWidth.of(channel)))
    return TextWidth.harmless("\(clock.preciseTime(event.atUs))  \(channel)\(blanks)  \(fields)")
  }

  private static func value(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text.contains(" ") || text.isEmpty ? "'\(text)'" : text
    case .bool(let value): value ? "yes" : "no"
    case .null: "none"
    default: JSONWriter.text(value)
    }
  }
}
