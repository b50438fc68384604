/// What a module made of a request: the third byte of its reply.
///
/// Source: TMCL firmware manuals, "Status Codes" (TMCM-3314 V1.11 table 4 and all others alike).
public struct TMCLStatus: Equatable, Sendable, BitwiseCopyable {
  public var code: UInt8

  @_noLocks public init(_ code: UInt8) { self.code = code }

  public static var success: Self { @_noLocks get { Self(100) } }
  /// The module is being programmed: the command was stored, not executed.
  public static var loadedIntoProgram: Self { @_noLocks get { Self(101) } }
  public static var wrongChecksum: Self { @_noLocks get { Self(1) } }
  public static var invalidCommand: Self { @_noLocks get { Self(2) } }
  public static var wrongType: Self { @_noLocks get { Self(3) } }
  public static var invalidValue: Self { @_noLocks get { Self(4) } }
  public static var storageLocked: Self { @_noLocks get { Self(5) } }
  public static var commandNotAvailable: Self { @_noLocks get { Self(6) } }

  /// Whether any manual names the code; a reply with another one is noise that passed its checksum.
  public var isKnown: Bool { @_noLocks get { (code >= 1 && code <= 6) || code == 100 || code == 101 } }

  @_noLocks public static func == (a: Self, b: Self) -> Bool { a.code == b.code }

  public var name: String {
    switch code {
    case 100: "success"
    case 101: "loaded into the module's program memory, not executed"
    case 1: "wrong checksum"
    case 2: "invalid command"
    case 3: "wrong type"
    case 4: "invalid value"
    case 5: "configuration memory locked"
    case 6: "command not available"
    default: "unknown status"
    }
  }
}
