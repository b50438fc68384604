internal import CLinux
import Glibc
import SessionLog

/// The host as the doctor sees it: the files of its kernel and of its system under one root, so that a test shows it any board, and the
/// few facts that are no files.
struct ExaminedHost {
  /// A file's mode bits and group.
  struct Ownership: Equatable {
    var mode: UInt32
    var groupID: UInt32
  }

  /// In front of every path; empty on the host itself.
  var root = ""
  /// Whether a time server keeps the calendar, as the kernel says: `adjtimex(2)`.
  var isClockSynchronised: Bool
  /// The groups that the caller is in, both ways.
  var callerGroups: Set<UInt32>
  var callerIsRoot: Bool
  /// Room for files in a folder, as an ordinary user has it.
  var room: (String) -> DiskRoom?

  static func this() -> ExaminedHost {
    ExaminedHost(
      isClockSynchronised: stipple_clock_is_synchronised() == 1, callerGroups: groups(),
      callerIsRoot: geteuid() == 0,
      room: { room(at: $0) })
  }

  /// The text of a small file without the space around it; nil when it cannot be read. Files of the kernel have no length to go by.
  func text(_ path: String) -> String? {
    let descriptor = unsafe open(root + path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = unsafe read(descriptor, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    var text = Substring(String(decoding: buffer[..<count], as: UTF8.self))
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  func exists(_ path: String) -> Bool { unsafe access(root + path, F_OK) == 0 }

  /// The names in a folder, sorted; empty when it cannot be read.
  func names(in folder: String) -> [String] {
    guard let directory = unsafe opendir(root + folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { start in
        unsafe start.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  func ownership(_ path: String) -> Ownership? {
    var status = stat()
    guard unsafe stat(root + path, &status) == 0 else { return nil }
    return Ownership(mode: status.st_mode & 0o7777, groupID: status.st_gid)
  }

  /// A group's number, out of `/etc/group`.
  func groupID(_ name: String) -> UInt32? {
    for line in (text("/etc/group") ?? "").split(separator: "\n") {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count >= 3, fields[0] == name { return UInt32(fields[2]) }
    }
    return nil
  }

  /// The first line of a text that begins with a word, without it.
  static func line(of text: String?, after word: String) -> String? {
    for line in (text ?? "").split(separator: "\n") where line.hasPrefix(word) {
      return line.dropFirst(word.count).drop { $0 == " " || $0 == "\t" }.description
    }
    return nil
  }

  private static func groups() -> Set<UInt32> {
    let count = getgroups(0, nil)
    var groups = [gid_t](repeating: 0, count: max(0, Int(count)))
    let filled = unsafe getgroups(Int32(groups.count), &groups)
    return Set(groups.prefix(max(0, Int(filled)))).union([getegid()])
  }

  /// Of the folder, or of the nearest one above it that there is.
  private static func room(at folder: String) -> DiskRoom? {
    var path = folder
    while !path.isEmpty {
      if let room = try? DiskRoom.of(path) { return room }
      guard let slash = path.lastIndex(of: "/") else { return nil }
      path = slash == path.startIndex ? (path.count > 1 ? "/" : "") : String(path[..<slash])
    }
    return nil
  }
}
