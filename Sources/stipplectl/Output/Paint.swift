/// Colours, or none. Colour only repeats what the words say: nothing is told by colour alone.
struct Paint: Sendable {
  enum Colour: Int, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case cyan = 36
  }

  var isOn: Bool

  func callAsFunction(_ text: String, _ colour: Colour) -> String { wrapped(text, "\(colour.rawValue)") }
  func bold(_ text: String) -> String { wrapped(text, "1") }
  func dim(_ text: String) -> String { wrapped(text, "2") }
  /// A word on a ground of its colour.
  func badge(_ text: String, _ colour: Colour) -> String { wrapped(text, "1;7;\(colour.rawValue)") }
  /// Light on dark: what must be seen from across the room.
  func alarm(_ text: String) -> String { wrapped(text, "1;97;41") }

  private func wrapped(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
