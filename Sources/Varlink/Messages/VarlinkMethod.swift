/// A method of a definition with its Swift types; what generated code gives for each.
public protocol VarlinkMethod: SendableMetatype {
  associatedtype Parameters: VarlinkStructure
  associatedtype Reply: VarlinkStructure
  /// Fully qualified.
  static var name: String { get }
  /// The typed form of an error its interface defines; nil for any other.
  static func error(named name: String, parameters: JSONObject) -> (any VarlinkError)?
}
