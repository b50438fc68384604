import Foundation

/// The checkout as the house rules see it: files, their lines, their imports.
enum House {
  struct File {
    let path: String
    let lines: [Substring]

    /// Modules named by import lines, whatever their access level or attributes.
    var imports: [String] {
      lines.compactMap { line in
        let words = line.split(separator: " ")
        guard let position = words.firstIndex(of: "import"), position + 1 < words.count else { return nil }
        guard words[..<position].allSatisfy({ $0.hasPrefix("@") || accessLevels.contains(String($0)) }) else {
          return nil
        }
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        let next = String(words[position + 1])
        let name = kinds.contains(next) && position + 2 < words.count ? String(words[position + 2]) : next
        return name.split(separator: ".").first.map(String.init)
      }
    }

    private var accessLevels: Set<String> { ["public", "package", "internal", "fileprivate", "private"] }
  }

  /// The root of the checkout, found from this file's own place.
  static var root: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  /// The names of the folders in Sources that hold Swift.
  static func targets() throws -> [String] {
    let folders = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path)
    return try folders.filter { try !swiftFiles(under: "Sources/\($0)").isEmpty }.sorted()
  }

  static func swiftFiles(under folder: String) throws -> [File] {
    let base = root.appending(path: folder)
    guard let paths = FileManager.default.enumerator(atPath: base.path) else { return [] }
    return try paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map { path in
      let text = try String(contentsOf: base.appending(path: path), encoding: .utf8)
      return File(
        path: "\(folder)/\(path)", lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }
}
