/// What the host asks of a module.
public struct TMCLRequest: Equatable, Sendable, BitwiseCopyable {
  public var address: UInt8
  public var instruction: TMCLInstruction
  /// The parameter's number, or a variant of the instruction.
  public var type: UInt8
  /// The motor, or the bank of a global parameter.
  public var motor: UInt8
  public var value: Int32

  @_noLocks
  public init(address: UInt8, _ instruction: TMCLInstruction, type: UInt8, motor: UInt8, value: Int32) {
    self.address = address
    self.instruction = instruction
    self.type = type
    self.motor = motor
    self.value = value
  }

  /// Reads a frame that arrived at a module; `nil` when its checksum is wrong.
  @_noLocks public init?(_ frame: TMCLFrame) {
    guard frame.isIntact else { return nil }
    self.init(
      address: frame[0], TMCLInstruction(frame[1]), type: frame[2], motor: frame[3], value: frame.value)
  }

  public var frame: TMCLFrame {
    @_noLocks get { TMCLFrame(address, instruction.number, type, motor, value: value) }
  }
}
