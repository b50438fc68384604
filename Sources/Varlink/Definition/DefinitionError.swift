/// Why a text is not an interface definition, and where.
public struct DefinitionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// From 1.
  public var line: Int
  /// In bytes, from 1.
  public var column: Int
  public var reason: String

  public var description: String { "\(line):\(column): \(reason)" }
}
