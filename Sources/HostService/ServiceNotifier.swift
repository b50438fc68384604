/// Tells the service manager how the daemon is: sd_notify(3) without its library.
public struct ServiceNotifier: Sendable {
  /// One thing worth telling.
  public enum Message: Equatable, Sendable {
    /// The socket is open and the loop runs; also the end of a reload.
    case ready(status: String)
    /// Shown by `systemctl status`.
    case status(String)
    /// A reload begins; `microseconds` on CLOCK_MONOTONIC, by which the manager tells it from an earlier one.
    case reloading(microseconds: Int64)
    case stopping(status: String)
    /// The daemon is alive.
    case watchdog

    /// The datagram's text: assignments, a line each.
    var text: String {
      switch self {
      case .ready(let status): "READY=1\n" + Self.line(status)
      case .status(let status): Self.line(status)
      case .reloading(let microseconds): "RELOADING=1\nMONOTONIC_USEC=\(microseconds)\n"
      case .stopping(let status): "STOPPING=1\n" + Self.line(status)
      case .watchdog: "WATCHDOG=1\n"
      }
    }

    /// A status is one line: a second one would be read as another assignment.
    private static func line(_ status: String) -> String {
      "STATUS=" + status.split(whereSeparator: \.isNewline).joined(separator: " ") + "\n"
    }
  }

  private let socket: DatagramSocket

  /// The manager that `NOTIFY_SOCKET` names; `nil` when the daemon was started by hand, or nobody listens there.
  public init?(environment: ServiceEnvironment) {
    guard let path = environment["NOTIFY_SOCKET"] else { return nil }
    self.init(path: path)
  }

  init?(path: String) {
    guard let socket = DatagramSocket(path: path) else { return nil }
    self.socket = socket
  }

  /// Tells it. `false` when the manager did not take it. All but the watchdog's food wait until there is room: they are told once.
  @discardableResult
  public func tell(_ message: Message) -> Bool {
    socket.send(Array(message.text.utf8), waits: message != .watchdog)
  }
}
