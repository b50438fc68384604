import Glibc

/// A folder of its own for one test, removed with it.
final class TemporaryFolder {
  let path: String

  init() throws {
    var template = Array("/tmp/stipple-test-XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return false }
      return unsafe mkdtemp(start) != nil
    }
    guard made else { throw FolderError.refused(errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    guard let directory = unsafe opendir(path) else { return }
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { _ = unsafe unlink("\(path)/\(name)") }
    }
    unsafe closedir(directory)
    _ = unsafe rmdir(path)
  }

  enum FolderError: Error { case refused(Int32) }

  func has(_ name: String) -> Bool { unsafe access("\(path)/\(name)", F_OK) == 0 }

  /// Rewrites a file through `change`.
  func alter(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
    var bytes = (try? self.bytes(of: name)) ?? []
    change(&bytes)
    let descriptor = unsafe open("\(path)/\(name)", O_WRONLY | O_TRUNC | O_CREAT, 0o600)
    guard descriptor >= 0 else { throw FolderError.refused(errno) }
    defer { close(descriptor) }
    _ = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
  }

  func bytes(of name: String) throws -> [UInt8] {
    let descriptor = unsafe open("\(path)/\(name)", O_RDONLY)
    guard descriptor >= 0 else { throw FolderError.refused(errno) }
    defer { close(descriptor) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { return result }
      result.append(contentsOf: buffer[0..<count])
    }
  }
}
