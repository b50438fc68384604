import Glibc

/// The board's name in records: `gethostname(2)`.
enum HostName {
  static var current: String {
    // Linux host names have at most 64 bytes.
    var buffer = [UInt8](repeating: 0, count: 65)
    let result = unsafe buffer.withUnsafeMutableBytes { bytes -> Int32 in
      guard let start = bytes.baseAddress else { return -1 }
      return unsafe gethostname(start, bytes.count - 1)
    }
    guard result == 0 else { return "unnamed" }
    return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// A group of this host by name: `getgrnam(3)`, called before threads that could disturb it are started.
enum HostGroup {
  static func identifier(named name: String) -> UInt32? {
    unsafe getgrnam(name)?.pointee.gr_gid
  }
}

/// The listening socket that systemd hands over (sd_listen_fds(3)): descriptor 3, meant for this process.
enum HandedOverSocket {
  static let descriptor: Int32 = 3

  static var isPresent: Bool {
    guard let process = variable("LISTEN_PID"), Int32(process) == getpid() else { return false }
    return variable("LISTEN_FDS").flatMap { Int($0) } ?? 0 >= 1
  }

  private static func variable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }
}

/// Makes the folders the daemon keeps its state in.
enum StateFolder {
  static func prepare(_ path: String) throws {
    for folder in [path, path + "/sessions"] {
      // Readable by the daemon alone: sessions tell what was done to whom.
      if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST {
        let reason = unsafe String(cString: strerror(errno))
        throw Daemon.Failure(
          description: "the state folder \(folder) cannot be made: \(reason); name another with --state-dir")
      }
    }
  }
}
