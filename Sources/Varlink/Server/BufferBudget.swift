/// Counts what all connections together hold of messages not yet served. Used on the server's event loop only.
final class BufferBudget {
  /// Every connection may hold this much whatever the others do, so that a small call always gets through.
  static let freePerConnection = 16 << 10

  let limit: Int
  private(set) var used = 0

  init(limit: Int) { self.limit = limit }

  /// Replaces a connection's share; false, and nothing changed, when the budget would be exceeded.
  func exchange(_ old: Int, for new: Int) -> Bool {
    let change = max(0, new - Self.freePerConnection) - max(0, old - Self.freePerConnection)
    guard change <= 0 || used + change <= limit else { return false }
    used += change
    return true
  }
}
