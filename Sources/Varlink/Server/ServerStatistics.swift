/// What a server has seen since it started.
public struct ServerStatistics: Hashable, Sendable {
  /// Connections now.
  public var connections = 0
  public var accepted = 0
  /// Turned away at once, because there were too many.
  public var refused = 0
  /// Closed by the server: idle, half a message for too long, replies left unread, or beyond a bound.
  public var cut = 0
  /// Messages received.
  public var messages = 0
}
