/// What a key means on the full screen.
enum WatchKey: Equatable {
  case stop, leave

  /// Ctrl-C arrives as a byte, as the terminal is raw.
  private static let controlC: UInt8 = 3

  /// From the bytes read at once. Stop wins over everything, also out of the middle of an escape sequence: a stop too many
  /// costs a press of the pedal, a stop too few costs skin.
  init?(_ bytes: some Sequence<UInt8>) {
    let bytes = Array(bytes)
    if bytes.contains(where: { $0 == UInt8(ascii: "s") || $0 == UInt8(ascii: "S") || $0 == UInt8(ascii: " ") }
    ) {
      self = .stop
    } else if bytes.contains(Self.controlC) || bytes == [UInt8(ascii: "q")] || bytes == [UInt8(ascii: "Q")] {
      self = .leave
    } else {
      return nil
    }
  }
}
