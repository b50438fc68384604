import Glibc

/// A text under the editor, in a file of its own that only its user can read.
struct EditedFile {
  let path: String

  /// Makes the file in TMPDIR or /tmp.
  init(of profile: String, text: String) throws(Trouble) {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let ending = ".yaml"
    // mkstemps(3) puts its own six characters in their place.
    let place = String(repeating: "X", count: 6)
    var template = Array("\(folder)/stipple-\(profile)-\(place)\(ending)".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe mkstemps($0, Int32(ending.utf8.count)) } ?? -1
    }
    guard descriptor >= 0 else {
      throw Trouble(
        status: .failure,
        headline: "cannot make a file to edit in \(folder): \(unsafe String(cString: strerror(errno)))",
        advice: ["Name a folder with TMPDIR, or use stipplectl profile edit NAME --file FILE."])
    }
    close(descriptor)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try TextFile.write([text], to: path, mode: 0o600)
  }

  func read() throws(Trouble) -> String { try TextFile.read(path) }
  func remove() { unsafe unlink(path) }
}
