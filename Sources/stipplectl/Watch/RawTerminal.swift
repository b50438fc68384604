import Glibc

/// The terminal while the full screen has it: keys at once and unechoed, the other screen, no cursor.
struct RawTerminal {
  /// Alternate screen, no wrapping of lines that are too long, no cursor.
  private static let enter = "\u{1B}[?1049h\u{1B}[?7l\u{1B}[?25l\u{1B}[2J"
  private static let leave = "\u{1B}[?25h\u{1B}[?7h\u{1B}[?1049l"

  private let saved: termios

  /// Nil when the input is no terminal.
  init?() {
    var settings = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &settings) == 0 else { return nil }
    saved = settings
    unsafe cfmakeraw(&settings)
    guard unsafe tcsetattr(STDIN_FILENO, TCSANOW, &settings) == 0 else { return nil }
    StandardFile.write(Self.enter, to: STDOUT_FILENO)
  }

  /// Gives the terminal back as it was.
  func restore() {
    StandardFile.write(Self.leave, to: STDOUT_FILENO)
    var settings = saved
    unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
  }

  /// Draws over what is there, so that nothing flickers. Each line is erased before it is written: after a line that is as wide
  /// as the screen the cursor stands on its last character.
  func draw(_ lines: [String]) {
    let frame = lines.map { "\u{1B}[K" + $0 }.joined(separator: "\r\n")
    StandardFile.write("\u{1B}[H" + frame, to: STDOUT_FILENO)
  }
}
