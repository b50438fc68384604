import Glibc

/// A terminal's size in characters.
struct ScreenSize: Equatable, Sendable {
  var columns: Int
  var rows: Int

  /// Of the terminal on the output; nil when it is none or does not tell.
  static func current() -> ScreenSize? {
    var size = winsize()
    guard unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
      return nil
    }
    return ScreenSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }
}
