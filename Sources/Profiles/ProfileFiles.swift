import Glibc

/// Reads profile files from a folder tree. The only place here that touches the file system.
enum ProfileFiles {
  /// More files than this in one folder are not a set of profiles.
  static let filesPerFolder = 512

  /// The `.yaml` files of a folder, sorted by name; a problem where the folder cannot be read or a file is misnamed.
  static func list(_ folder: String) -> (files: [String], problems: [ProfileProblem]) {
    guard let directory = unsafe opendir(folder) else {
      return ([], [problem(folder, "the folder cannot be read: \(lastError())")])
    }
    defer { unsafe closedir(directory) }
    var files: [String] = []
    var problems: [ProfileProblem] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasPrefix(".") { continue }
      let path = "\(folder)/\(name)"
      if name.hasSuffix(".yml") {
        problems.append(problem(path, "profiles end in .yaml; rename the file, or move it out of the folder"))
      }
      guard name.hasSuffix(".yaml") else { continue }
      guard files.count < filesPerFolder else {
        problems.append(problem(folder, "more than \(filesPerFolder) profiles; the others are left out"))
        break
      }
      files.append(path)
    }
    return (files.sorted(), problems)
  }

  /// The bytes of a regular file, at most one more than a profile may have.
  static func read(_ path: String) throws(ProfileProblem) -> ProfileSource {
    // Without O_NONBLOCK, a pipe with a profile's name would hold the program up for ever.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw problem(path, "the file cannot be read: \(lastError())") }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      throw problem(path, "the file cannot be read: \(lastError())")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw problem(path, "this is not a regular file") }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    while bytes.count <= ProfileSource.byteCeiling {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw problem(path, "the file cannot be read: \(lastError())") }
      if count == 0 { break }
      bytes.append(contentsOf: buffer.prefix(count))
    }
    return ProfileSource(file: path, bytes: bytes)
  }

  private static func problem(_ file: String, _ message: String) -> ProfileProblem {
    ProfileProblem(file: file, place: .wholeFile, message: message)
  }

  private static func lastError() -> String {
    let number = errno
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }
}
