/// How much JSON a peer may send at once. Without bounds a small message can cost unbounded memory or stack.
public struct JSONLimits: Hashable, Sendable {
  /// Bytes of text.
  public var length: Int
  /// Arrays and objects inside one another.
  public var nesting: Int
  /// Values in all, so that `[[],[],…` does not grow to many times its size when read.
  public var values: Int

  /// 1 MiB and 32 deep are the design's; 65,536 values is an engineering choice (about 6 MiB once read).
  public init(length: Int = 1 << 20, nesting: Int = 32, values: Int = 1 << 16) {
    self.length = length
    self.nesting = nesting
    self.values = values
  }
}
