/// A version of the VESC firmware whose settings this link can read: where a figure lies in them is told by their signature alone.
///
/// Source: `confgenerator.h` as VESC Tool generates it for each version. In all three the application's settings begin with the
/// signature, the controller's number and the time-out in ms; the motor's with the signature, four modes and the greatest current.
public struct VESCFirmware: Equatable, Sendable, BitwiseCopyable {
  public var major: UInt8
  public var minor: UInt8
  public var motorSignature: UInt32
  public var appSignature: UInt32

  @_noLocks private init(_ major: UInt8, _ minor: UInt8, motor: UInt32, app: UInt32) {
    self.major = major
    self.minor = minor
    motorSignature = motor
    appSignature = app
  }

  /// The version of those numbers, `nil` for one without a table.
  @_noLocks public static func version(_ major: UInt8, _ minor: UInt8) -> Self? {
    switch (major, minor) {
    case (5, 1): return Self(5, 1, motor: 3_698_540_221, app: 2_460_147_246)
    case (5, 2): return Self(5, 2, motor: 2_211_848_314, app: 3_264_926_020)
    case (6, 0): return latest
    default: return nil
    }
  }

  /// The newest of them.
  public static var latest: Self {
    @_noLocks get { Self(6, 0, motor: 776_184_161, app: 486_554_156) }
  }

  @_noLocks public static func == (a: Self, b: Self) -> Bool { a.major == b.major && a.minor == b.minor }
}
