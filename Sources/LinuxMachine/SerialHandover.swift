internal import CLinux
internal import Glibc

/// How a reopened serial line reaches the running loop after its old one was unplugged.
///
/// Opening and closing a port may block, so the control plane does both; the loop only exchanges two numbers. They are
/// cells in plain memory, because reaching an `Atomic` through a class counts references, which the loop may not.
@safe
public final class SerialHandover: @unchecked Sendable {
  /// Place 0 holds the offered descriptor, 1 the one to be closed; -1 for none. Place 2 is 1 while the loop has a line that
  /// works, -1 otherwise. Touched by `stipple_exchange` and `stipple_look` only.
  private let cells: UnsafeMutablePointer<Int32>

  public init() {
    unsafe cells = .allocate(capacity: 3)
    unsafe cells.initialize(repeating: -1, count: 3)
  }

  deinit {
    closeAll(0..<2)
    unsafe cells.deallocate()
  }

  /// Whether a port is to be opened: the loop has none that works, and none was offered that it has not taken yet. A drive
  /// that does not answer on a port that works needs no other one.
  public var isPortNeeded: Bool { unsafe stipple_look(cells) < 0 && stipple_look(cells + 2) < 0 }

  /// Offers a port, which the loop takes at its next wake once its own has failed; wake it. An offer not yet taken is
  /// replaced and closed.
  public func offer(_ port: consuming SerialPort) {
    let untaken = unsafe stipple_exchange(cells, port.release())
    if untaken >= 0 { _ = close(untaken) }
    closeAll(1..<2)
  }

  /// The loop's end, valid as long as this object lives.
  var loopEnd: LoopEnd { unsafe LoopEnd(cells: cells) }

  private func closeAll(_ places: Range<Int>) {
    for place in places {
      let descriptor = unsafe stipple_exchange(cells + place, -1)
      if descriptor >= 0 { _ = close(descriptor) }
    }
  }

  @safe struct LoopEnd {
    fileprivate let cells: UnsafeMutablePointer<Int32>

    /// The offered descriptor, or -1. `failed` goes the other way, to be closed by the control plane.
    @_noLocks func take(insteadOf failed: Int32) -> Int32 {
      let descriptor = unsafe stipple_exchange(cells, -1)
      if descriptor >= 0 && failed >= 0 { _ = unsafe stipple_exchange(cells + 1, failed) }
      return descriptor
    }

    /// Says whether the loop has a line that works.
    @_noLocks func report(isUp: Bool) { _ = unsafe stipple_exchange(cells + 2, isUp ? 1 : -1) }
  }
}
