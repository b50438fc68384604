/// Finds replies in a stream of bytes, whatever lies between them.
///
/// A window of nine bytes slides along the stream one byte at a time; a frame is taken only when both addresses, the status
/// and the checksum fit. So a whole reply is found whatever garbage precedes it, unless that garbage forms, together with
/// the reply's beginning, a frame that fits by chance: two addresses, a known status (8 of 256) and a checksum, less than one
/// window in 500 million of random bytes.
public struct TMCLReplyAccumulator: Sendable, BitwiseCopyable {
  private var window: TMCLFrame
  private var count: Int
  private var replyAddress: UInt8
  private var moduleAddress: UInt8
  /// Bytes that belonged to no reply.
  public private(set) var discarded: UInt32
  /// Runs of such bytes that ended in a reply.
  public private(set) var resynchronisations: UInt32
  /// Windows with the right addresses and status whose checksum was wrong.
  public private(set) var checksumErrors: UInt32
  private var inGarbage: Bool

  /// Accepts replies of one module to one host.
  @_noLocks public init(replyAddress: UInt8, moduleAddress: UInt8) {
    window = TMCLFrame()
    count = 0
    self.replyAddress = replyAddress
    self.moduleAddress = moduleAddress
    discarded = 0
    resynchronisations = 0
    checksumErrors = 0
    inGarbage = false
  }

  /// Takes a byte; returns the reply it completed.
  @_noLocks public mutating func append(_ byte: UInt8) -> TMCLReply? {
    window[count] = byte
    count += 1
    guard count == TMCLFrame.length else { return nil }
    if headerFits {
      if let reply = TMCLReply(window) {
        count = 0
        if inGarbage { resynchronisations &+= 1 }
        inGarbage = false
        return reply
      }
      checksumErrors &+= 1
    }
    shift()
    return nil
  }

  /// Forgets the beginning of a reply whose rest will not come: nothing may be left over when the next request is sent.
  @_noLocks public mutating func removeAll() {
    discarded &+= UInt32(count)
    count = 0
    inGarbage = false
  }

  /// The checksum errors since this was last called.
  @_noLocks mutating func takeChecksumErrors() -> UInt32 {
    let errors = checksumErrors
    checksumErrors = 0
    return errors
  }

  private var headerFits: Bool {
    @_noLocks get {
      window[0] == replyAddress && window[1] == moduleAddress && TMCLStatus(window[2]).isKnown
    }
  }

  /// Drops the oldest byte.
  @_noLocks private mutating func shift() {
    var index = 1
    while index < TMCLFrame.length {
      window[index - 1] = window[index]
      index += 1
    }
    count = TMCLFrame.length - 1
    discarded &+= 1
    inGarbage = true
  }
}
