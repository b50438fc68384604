import Synchronization

/// One line on the terminal about work in progress, gone when it ends. Nothing is written when nobody watches.
final class Progress: Sendable {
  private static let barWidth = 24

  private let console: Console
  private let isShown: Bool
  private let lastLine = Mutex("")

  init(_ console: Console, isWanted: Bool = true) {
    self.console = console
    isShown = isWanted && console.errorIsTerminal
  }

  /// `done` of `total`, and what is going on.
  func show(_ done: Int, of total: Int, _ what: String) {
    guard total > 0 else { return show(what) }
    show("\(Bar.text(Double(done) / Double(total), width: Self.barWidth)) \(done)/\(total)  \(what)")
  }

  func show(_ what: String) {
    guard isShown else { return }
    let line = TextWidth.clipped(TextWidth.harmless(what), to: console.width - 1)
    let isNew = lastLine.withLock { last in
      defer { last = line }
      return last != line
    }
    if isNew { console.writeError("\r\u{1B}[K\(line)") }
  }

  /// Takes the line away.
  func end() {
    let wasShown = lastLine.withLock { last in
      defer { last = "" }
      return !last.isEmpty
    }
    if wasShown { console.writeError("\r\u{1B}[K") }
  }

  /// Says what is going on, and for how many seconds, until the work ends.
  func during<Result: Sendable>(
    _ what: String, _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    guard isShown else { return try await work() }
    let ticker = Task {
      let start = ContinuousClock.now
      while !Task.isCancelled {
        let seconds = start.duration(to: .now).components.seconds
        show(seconds > 0 ? "\(what) … \(seconds) s" : "\(what) …")
        try? await Task.sleep(for: .milliseconds(250))
      }
    }
    defer {
      ticker.cancel()
      end()
    }
    return try await work()
  }
}
