/// What the kernel allows the daemon: its process's limits and capabilities while it runs, else what its unit asks for.
struct DaemonProcess {
  /// A limit as the kernel writes it.
  enum Limit: Equatable {
    case unlimited
    case at(Int)

    init?(_ word: Substring) {
      if word == "unlimited" || word == "infinity" {
        self = .unlimited
      } else if let number = Int(word) {
        self = .at(number)
      } else {
        return nil
      }
    }

    func allows(_ wanted: Int) -> Bool {
      switch self {
      case .unlimited: true
      case .at(let most): most >= wanted
      }
    }
  }

  /// Numbers of capabilities(7).
  private enum Capability {
    static let lockMemory = 14
    static let niceness = 23
  }

  var isRunning: Bool
  /// Where it was read: the running process or the unit's file.
  var source: String
  /// Nil where nothing was said.
  var realTimePriority: Limit?
  var lockedMemory: Limit?

  /// The first process that calls itself stippled; nil when there is none and no unit either.
  static func find(_ host: ExaminedHost) -> DaemonProcess? {
    for name in host.names(in: "/proc")
    where Int(name) != nil && host.text("/proc/\(name)/comm") == "stippled" {
      return running(host, name)
    }
    return unit(host)
  }

  private static func running(_ host: ExaminedHost, _ process: String) -> DaemonProcess {
    let limits = host.text("/proc/\(process)/limits")
    let held = ExaminedHost.line(of: host.text("/proc/\(process)/status"), after: "CapEff:").flatMap {
      UInt64($0, radix: 16)
    }
    func limit(_ name: String, or capability: Int) -> Limit? {
      if let held, held >> UInt64(capability) & 1 == 1 { return .unlimited }
      return ExaminedHost.line(of: limits, after: name)?.split(separator: " ").first.flatMap(Limit.init)
    }
    return DaemonProcess(
      isRunning: true, source: "process \(process)",
      realTimePriority: limit("Max realtime priority", or: Capability.niceness),
      lockedMemory: limit("Max locked memory", or: Capability.lockMemory))
  }

  private static func unit(_ host: ExaminedHost) -> DaemonProcess? {
    for folder in [
      "/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system",
    ] {
      let path = folder + "/stippled.service"
      guard let text = host.text(path) else { continue }
      return DaemonProcess(
        isRunning: false, source: path,
        realTimePriority: ExaminedHost.line(of: text, after: "LimitRTPRIO=").flatMap { Limit($0[...]) },
        lockedMemory: ExaminedHost.line(of: text, after: "LimitMEMLOCK=").flatMap { Limit($0[...]) })
    }
    return nil
  }
}
