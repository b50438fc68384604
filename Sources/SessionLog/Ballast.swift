/// A file of nothing that keeps room on the disk, given up when the session needs it.
///
/// `fallocate` on the record itself would leave a tail of zeros after a death; a file of its own leaves the record untouched
/// and works on every file system.
struct Ballast {
  let path: String
  private(set) var bytes: UInt64 = 0

  init(path: String) { self.path = path }

  /// Holds at least `wanted` bytes or throws `.noRoom`, holding what it held before.
  mutating func hold(_ wanted: UInt64) throws(SessionLogError) {
    guard wanted > bytes else { return }
    do throws(SessionLogError) {
      try AppendFile(creating: path, replacing: true).allocate(wanted)
    } catch {
      try? Folder.remove(path)
      bytes = 0
      throw error
    }
    bytes = wanted
  }

  /// Gives the room back; returns whether there was any.
  mutating func release() -> Bool {
    let held = bytes > 0
    bytes = 0
    // A ballast that cannot be removed only wastes room; the next session with this id replaces it.
    try? Folder.remove(path)
    return held
  }
}
