import Dispatch
import Glibc

/// Keys and signals, on a queue of their own: neither drawing nor the network can hold up a Stop.
final class Keyboard {
  /// The terminal hung up, or somebody wants the program to end: give the terminal back first.
  private static let endings = [SIGINT, SIGTERM, SIGHUP]

  private let queue = DispatchQueue(label: "keyboard")
  private let keys: any DispatchSourceRead
  private let signals: [any DispatchSourceSignal]

  init(_ act: @escaping @Sendable (WatchKey) -> Void) {
    keys = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: queue)
    let queue = queue
    signals = Self.endings.map { number in
      // The default action would end the program before the source hears of it.
      _ = signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: queue)
    }
    keys.setEventHandler { Self.readKeys(act) }
    keys.resume()
    for source in signals {
      source.setEventHandler { act(.leave) }
      source.resume()
    }
  }

  func end() {
    keys.cancel()
    for source in signals { source.cancel() }
    for number in Self.endings { _ = signal(number, SIG_DFL) }
  }

  private static func readKeys(_ act: (WatchKey) -> Void) {
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return }
    guard count > 0 else { return act(.leave) }
    if let key = WatchKey(bytes[..<count]) { act(key) }
  }
}
