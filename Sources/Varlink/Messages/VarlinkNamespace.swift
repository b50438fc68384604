/// The generated types of one interface.
public protocol VarlinkNamespace {
  /// Such as `org.example.ftl`.
  static var interfaceName: String { get }
  /// The typed form of one of the interface's errors; nil for any other, and for parameters that are not that error's.
  static func error(named name: String, parameters: JSONObject) -> (any VarlinkError)?
}
