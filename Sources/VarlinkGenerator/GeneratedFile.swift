/// A file to write.
public struct GeneratedFile: Hashable, Sendable {
  public var name: String
  public var text: String
}

/// Why a good definition has no Swift form.
public struct GeneratorError: Error, Hashable, Sendable, CustomStringConvertible {
  public var description: String
}
