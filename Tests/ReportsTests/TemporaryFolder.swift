import Glibc

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = "/tmp/stipple-report-\(UInt64.random(in: .min ... .max))"
    guard unsafe mkdir(path, 0o700) == 0 else { throw FolderError.refused(errno) }
  }

  deinit {
    for name in ["s1.mcap", "s1.mcap.part", "s1.mcap.draft", "s1.reserve"] {
      _ = unsafe unlink("\(path)/\(name)")
    }
    _ = unsafe rmdir(path)
  }

  enum FolderError: Error { case refused(Int32) }

  /// Cuts bytes off a file's end.
  func cut(_ name: String, by bytes: Int) throws {
    var status = stat()
    guard unsafe stat("\(path)/\(name)", &status) == 0,
      unsafe truncate("\(path)/\(name)", status.st_size - bytes) == 0
    else { throw FolderError.refused(errno) }
  }
}
