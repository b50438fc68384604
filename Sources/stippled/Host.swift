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
