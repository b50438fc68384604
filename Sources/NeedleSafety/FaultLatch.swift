/// The faults in force: at most one of each code, with the evidence of the first.
public struct FaultLatch: Equatable, Sendable, BitwiseCopyable {
  /// One bit per ``FaultCode``.
  public private(set) var codes: UInt32 = 0
  /// The newest fault, kept whole as evidence; the record keeps all of them.
  public private(set) var newest: Fault?

  @_noLocks public init() {}

  public var isEmpty: Bool { @_noLocks get { codes == 0 } }

  @_noLocks public func contains(_ code: FaultCode) -> Bool { codes & code.bit != 0 }

  /// Latches a fault; `false` when the same code is latched already (the first evidence stays).
  @_noLocks public mutating func latch(_ fault: Fault) -> Bool {
    guard !contains(fault.code) else { return false }
    codes |= fault.code.bit
    newest = fault
    return true
  }

  /// Clears one fault. The caller has made sure that its cause is gone and that a technician asked.
  @_noLocks public mutating func clear(_ code: FaultCode) {
    codes &= ~code.bit
    if let fault = newest, fault.code.bit == code.bit { newest = nil }
  }

  /// The most urgent priority in force, `nil` without faults.
  public var highestPriority: FaultPriority? {
    @_noLocks get {
      if codes == 0 { return nil }
      if codes & FaultCode.highBits != 0 { return .high }
      return codes & FaultCode.mediumBits != 0 ? .medium : .low
    }
  }
}
