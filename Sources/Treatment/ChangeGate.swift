/// Lets one change at a time through, in the order in which they came: a session is not closed while it is being armed.
struct ChangeGate {
  private var isTaken = false
  private var waiting: [CheckedContinuation<Void, Never>] = []

  /// Takes the gate if it is free; otherwise the continuation is resumed once it is the caller's.
  mutating func enter(_ continuation: CheckedContinuation<Void, Never>) {
    guard isTaken else {
      isTaken = true
      continuation.resume()
      return
    }
    waiting.append(continuation)
  }

  mutating func leave() {
    guard waiting.isEmpty else { return waiting.removeFirst().resume() }
    isTaken = false
  }
}
