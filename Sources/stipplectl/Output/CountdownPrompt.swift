import Dispatch
import Glibc
import Synchronization

/// A question that one key answers, with the time that is left beside it. It asks on the error output.
enum CountdownPrompt {
  enum Answer: Sendable {
    case yes, no
    /// Nobody answered in time.
    case timeIsUp
  }

  /// Keys that mean something; any other is a slip and changes nothing.
  private static func meaning(of key: UInt8) -> Answer? {
    switch key {
    case UInt8(ascii: "y"), UInt8(ascii: "Y"): .yes
    // No, Return, Escape, Ctrl-C, Ctrl-D, q.
    case UInt8(ascii: "n"), UInt8(ascii: "N"), 0x0A, 0x0D, 0x1B, 0x03, 0x04, UInt8(ascii: "q"): .no
    default: nil
    }
  }

  /// How often the time that is left is looked at.
  private static let glance: Int32 = 100

  /// Asks until a key answers or the limit is over. A signal that ends the program answers no, so that the terminal is given back first.
  static func ask(_ question: String, within limit: Duration, paint: Paint) -> Answer {
    var saved = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &saved) == 0 else { return .no }
    var settings = saved
    // Keys at once and unechoed; Ctrl-C is a key here, and means no. What was typed before the question is no answer to it.
    settings.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
    guard unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) == 0 else { return .no }
    let endings = Endings()
    let answer = wait(question, until: ContinuousClock.now + limit, endings, paint)
    endings.release()
    unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &saved)
    let word =
      switch answer {
      case .yes: "yes"
      case .no: "no"
      case .timeIsUp: "time is up"
      }
    StandardFile.write("\r\u{1B}[K\(question) \(word)\n", to: STDERR_FILENO)
    return answer
  }

  private static func wait(
    _ question: String, until end: ContinuousClock.Instant, _ endings: Endings, _ paint: Paint
  ) -> Answer {
    var shown = -1
    while true {
      let left = ContinuousClock.now.duration(to: end)
      guard left > .zero else { return .timeIsUp }
      // Rounded up: no second is shown as over before it is.
      let seconds = Int(left.components.seconds) + (left.components.attoseconds > 0 ? 1 : 0)
      if seconds != shown {
        shown = seconds
        let note = paint("taken back in \(Figures.span(milliseconds: seconds * 1_000))", .yellow)
        StandardFile.write("\r\u{1B}[K\(question) [y/N]  \(note) ", to: STDERR_FILENO)
      }
      if endings.came { return .no }
      var ready = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&ready, 1, glance) > 0 else { continue }
      var key: UInt8 = 0
      let count = unsafe read(STDIN_FILENO, &key, 1)
      if count < 0, errno == EINTR || errno == EAGAIN { continue }
      guard count == 1 else { return .no }
      if let answer = meaning(of: key) { return answer }
    }
  }
}

/// Signals that end a program, noted instead of obeyed for as long as the terminal is not as it was.
private final class Endings {
  private static let numbers = [SIGINT, SIGTERM, SIGHUP]

  private final class Note: Sendable {
    let isMade = Atomic(false)
  }

  private let note = Note()
  private let sources: [any DispatchSourceSignal]

  var came: Bool { note.isMade.load(ordering: .relaxed) }

  init() {
    let queue = DispatchQueue(label: "endings")
    let note = note
    sources = Self.numbers.map { number in
      // The default action would end the program before the source hears of it.
      _ = signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { note.isMade.store(true, ordering: .relaxed) }
      source.resume()
      return source
    }
  }

  func release() {
    for source in sources { source.cancel() }
    for number in Self.numbers { _ = signal(number, SIG_DFL) }
  }
}
