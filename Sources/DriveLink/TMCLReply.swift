/// What a module answers. It carries neither the parameter's number nor a sequence: only the instruction's number tells
/// which request it belongs to.
public struct TMCLReply: Equatable, Sendable, BitwiseCopyable {
  /// The host's address.
  public var replyAddress: UInt8
  public var moduleAddress: UInt8
  public var status: TMCLStatus
  public var instruction: TMCLInstruction
  public var value: Int32

  @_noLocks
  public init(
    to replyAddress: UInt8, from moduleAddress: UInt8, _ status: TMCLStatus, _ instruction: TMCLInstruction,
    value: Int32
  ) {
    self.replyAddress = replyAddress
    self.moduleAddress = moduleAddress
    self.status = status
    self.instruction = instruction
    self.value = value
  }

  /// Reads a frame that arrived at the host; `nil` when its checksum is wrong.
  @_noLocks public init?(_ frame: TMCLFrame) {
    guard frame.isIntact else { return nil }
    self.init(
      to: frame[0], from: frame[1], TMCLStatus(frame[2]), TMCLInstruction(frame[3]), value: frame.value)
  }

  public var frame: TMCLFrame {
    @_noLocks get {
      TMCLFrame(replyAddress, moduleAddress, status.code, instruction.number, value: value)
    }
  }
}
