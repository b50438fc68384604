/// The clinic's words for the names on the socket.
enum Words {
  /// `self_test` is "self-test", `guard_closed` is "guard closed".
  static func of(_ name: String) -> String {
    switch name {
    case "self_test": "self-test"
    default: String(TextWidth.harmless(name).map { $0 == "_" ? " " : $0 })
    }
  }
}
