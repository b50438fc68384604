/// How chunks are compressed. LZ4, which the format also knows, is neither written nor read here.
public enum MCAPCompression: Hashable, Sendable {
  case none
  /// Zstandard at a level from 1 (fast) to 19 (small); 3 is the library's own default.
  case zstd(level: Int32)

  /// The name in the file.
  var name: String {
    switch self {
    case .none: ""
    case .zstd: "zstd"
    }
  }
}
