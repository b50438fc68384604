package import Glibc
package import Units

/// Waits for descriptors with a time-out to the nanosecond.
///
/// `pselect`, because Swift's Glibc module offers neither `ppoll` nor epoll, and the kernel's timer behind it is the same.
/// Its price is that descriptors end at 1,023; ``add(reading:)`` refuses larger ones.
package struct DescriptorWait: ~Copyable {
  private static var limit: Int { 1_024 }

  private var reading = fd_set()
  private var urgent = fd_set()
  private var highest: CInt = -1

  package init() {}

  /// Waits for bytes on a descriptor. `false` when `pselect` cannot hold it.
  package mutating func add(reading descriptor: CInt) -> Bool {
    guard Self.holds(descriptor) else { return false }
    Self.set(descriptor, in: &reading)
    highest = max(highest, descriptor)
    return true
  }

  /// Waits for a change of a sysfs attribute, `POLLPRI`. `false` when `pselect` cannot hold the descriptor.
  package mutating func add(urgent descriptor: CInt) -> Bool {
    guard Self.holds(descriptor) else { return false }
    Self.set(descriptor, in: &urgent)
    highest = max(highest, descriptor)
    return true
  }

  /// What a wait found.
  package struct Ready: ~Copyable {
    private let reading: fd_set
    private let urgent: fd_set
    /// A signal ended the wait.
    package let wasInterrupted: Bool

    init(reading: fd_set, urgent: fd_set, wasInterrupted: Bool) {
      self.reading = reading
      self.urgent = urgent
      self.wasInterrupted = wasInterrupted
    }

    package func has(reading descriptor: CInt) -> Bool { DescriptorWait.isSet(descriptor, in: reading) }
    package func has(urgent descriptor: CInt) -> Bool { DescriptorWait.isSet(descriptor, in: urgent) }
  }

  /// Waits for at most `pause` (not at all when it is zero or less). `signals` is the mask during the wait.
  package func wait(for pause: Nanoseconds, signals: sigset_t? = nil) -> Ready {
    var reading = reading
    var urgent = urgent
    let length = pause > .zero ? min(pause.count, 1_000_000_000_000) : 0
    var timeout = timespec(tv_sec: Int(length / 1_000_000_000), tv_nsec: Int(length % 1_000_000_000))
    let count: CInt
    if var mask = signals {
      count = unsafe pselect(highest + 1, &reading, nil, &urgent, &timeout, &mask)
    } else {
      count = unsafe pselect(highest + 1, &reading, nil, &urgent, &timeout, nil)
    }
    guard count > 0 else {
      return Ready(reading: fd_set(), urgent: fd_set(), wasInterrupted: count < 0 && errno == EINTR)
    }
    return Ready(reading: reading, urgent: urgent, wasInterrupted: false)
  }

  private static func holds(_ descriptor: CInt) -> Bool { descriptor >= 0 && Int(descriptor) < limit }

  private static func set(_ descriptor: CInt, in set: inout fd_set) {
    unsafe withUnsafeMutableBytes(of: &set) { bytes in
      unsafe bytes[Int(descriptor) / 8] |= 1 << UInt8(descriptor % 8)
    }
  }

  static func isSet(_ descriptor: CInt, in set: fd_set) -> Bool {
    guard holds(descriptor) else { return false }
    return unsafe withUnsafeBytes(of: set) { bytes in
      unsafe bytes[Int(descriptor) / 8] & (1 << UInt8(descriptor % 8)) != 0
    }
  }
}
