import Glibc

/// What the service manager says to a process through its environment.
public struct ServiceEnvironment: Sendable {
  private let variables: [String: String]
  private let processID: Int32

  public init(variables: [String: String], processID: Int32) {
    self.variables = variables
    self.processID = processID
  }

  /// This process's.
  public static var current: Self {
    let names = [
      "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
      "JOURNAL_STREAM",
    ]
    var variables: [String: String] = [:]
    for name in names {
      if let value = unsafe getenv(name) { variables[name] = unsafe String(cString: value) }
    }
    return Self(variables: variables, processID: getpid())
  }

  public subscript(name: String) -> String? { variables[name].flatMap { $0.isEmpty ? nil : $0 } }

  /// How long the manager waits for a sign of life before it kills the process; `nil` when it does not watch this one
  /// (sd_watchdog_enabled(3)).
  public var watchdogMicroseconds: Int64? {
    guard let microseconds = self["WATCHDOG_USEC"].flatMap({ Int64($0) }), microseconds > 0 else {
      return nil
    }
    if let meant = self["WATCHDOG_PID"], Int32(meant) != processID { return nil }
    return microseconds
  }

  /// The listening socket that the manager handed over (sd_listen_fds(3)): the one named `control`, or the first where none is
  /// named; `nil` when there is none for this process.
  public var controlSocket: Int32? {
    guard let meant = self["LISTEN_PID"], Int32(meant) == processID else { return nil }
    guard let count = self["LISTEN_FDS"].flatMap({ Int32($0) }), count >= 1 else { return nil }
    let names = (self["LISTEN_FDNAMES"] ?? "").split(separator: ":", omittingEmptySubsequences: false)
    let place = names.prefix(Int(clamping: count)).firstIndex(of: "control") ?? 0
    return Self.firstHandedOver + Int32(place)
  }

  /// `SD_LISTEN_FDS_START`.
  private static let firstHandedOver: Int32 = 3

  /// Whether a descriptor goes to the journal: `JOURNAL_STREAM` names the device and inode of the stream that systemd opened.
  /// A daemon whose output was redirected since writes lines, not to the journal.
  public func isJournal(_ descriptor: Int32) -> Bool {
    guard let stream = self["JOURNAL_STREAM"] else { return false }
    var found = stat()
    guard unsafe fstat(descriptor, &found) == 0 else { return false }
    return stream == "\(found.st_dev):\(found.st_ino)"
  }
}
