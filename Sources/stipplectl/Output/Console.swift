import Glibc

/// Where a command writes and asks: the terminal or the files it was started with, or a test's memory.
struct Console: Sendable {
  /// Lines that fit a terminal nobody asked the size of.
  static let plainWidth = 80

  /// Writes to the output as it is.
  var write: @Sendable (String) -> Void
  /// Writes to the error output as it is.
  var writeError: @Sendable (String) -> Void
  /// Reads a line somebody types; nil at the end of the input.
  var readLine: @Sendable () -> String?
  var inputIsTerminal: Bool
  var outputIsTerminal: Bool
  var errorIsTerminal: Bool
  var paint: Paint
  var errorPaint: Paint
  /// Columns of the terminal.
  var width: Int
  var clock: WallClock
  /// Asks for one key while time runs out; nil where nobody sits at a terminal.
  var askInTime: (@Sendable (_ question: String, _ limit: Duration) -> CountdownPrompt.Answer)?
  /// Opens a file in a person's editor, at a line; gives the editor's exit status.
  var edit: @Sendable (_ path: String, _ line: Int?) throws(Trouble) -> Int32 = {
    path, line throws(Trouble) in
    try Editor.open(path, line: line)
  }

  /// Writes a line or several.
  func print(_ text: String) { write(text + "\n") }

  func complain(_ text: String) { writeError(text + "\n") }

  /// Asks on the error output, so that what is asked never ends up in a file.
  func ask(_ question: String) -> String? {
    writeError(question)
    return readLine()
  }

  static func standard() -> Console {
    let (outputIsTerminal, errorIsTerminal) = (isatty(STDOUT_FILENO) == 1, isatty(STDERR_FILENO) == 1)
    let canAsk = isatty(STDIN_FILENO) == 1 && errorIsTerminal
    let wantsColour = unsafe getenv("NO_COLOR").map { unsafe $0.pointee == 0 } ?? true
    let errorPaint = Paint(isOn: errorIsTerminal && wantsColour)
    let ask: @Sendable (String, Duration) -> CountdownPrompt.Answer = {
      CountdownPrompt.ask($0, within: $1, paint: errorPaint)
    }
    return Console(
      write: { StandardFile.write($0, to: STDOUT_FILENO) },
      writeError: { StandardFile.write($0, to: STDERR_FILENO) },
      readLine: { Swift.readLine() },
      inputIsTerminal: isatty(STDIN_FILENO) == 1, outputIsTerminal: outputIsTerminal,
      errorIsTerminal: errorIsTerminal,
      paint: Paint(isOn: outputIsTerminal && wantsColour),
      errorPaint: errorPaint,
      width: outputIsTerminal ? ScreenSize.current()?.columns ?? plainWidth : plainWidth,
      clock: .local,
      askInTime: canAsk ? ask : nil)
  }
}
