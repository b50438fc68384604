/// The first byte of a VESC packet's payload: what is asked, and in a reply what was asked.
///
/// Source: `COMM_PACKET_ID` in `datatypes.h` of the VESC firmware (vedderb/bldc); the layouts behind each are in the target's page.
public struct VESCCommand: Equatable, Sendable, BitwiseCopyable {
  public var number: UInt8

  @_noLocks public init(_ number: UInt8) { self.number = number }

  /// Who is there: firmware's major and minor, the hardware's name, an identity.
  public static var firmwareVersion: Self { @_noLocks get { Self(0) } }
  /// What is measured.
  public static var getValues: Self { @_noLocks get { Self(4) } }
  /// Current into the motor, mA; 0 lets it go.
  public static var setCurrent: Self { @_noLocks get { Self(6) } }
  /// Current that brakes the motor, mA.
  public static var setCurrentBrake: Self { @_noLocks get { Self(7) } }
  /// Electrical revolutions per minute.
  public static var setRPM: Self { @_noLocks get { Self(8) } }
  /// An angle, millionths of a degree.
  public static var setPosition: Self { @_noLocks get { Self(9) } }
  /// The motor's settings, all of them.
  public static var getMotorConfiguration: Self { @_noLocks get { Self(14) } }
  /// The application's settings, the time-out among them.
  public static var getAppConfiguration: Self { @_noLocks get { Self(17) } }
  /// Nothing but: the host is alive.
  public static var alive: Self { @_noLocks get { Self(30) } }
  /// Behind it a controller's number on the CAN bus, and a payload for that one.
  public static var forwardCAN: Self { @_noLocks get { Self(34) } }
  /// Limits of the motor that hold until the controller restarts; and to read them.
  public static var setTemporaryLimits: Self { @_noLocks get { Self(48) } }
  public static var getTemporaryLimits: Self { @_noLocks get { Self(91) } }

  @_noLocks public static func == (a: Self, b: Self) -> Bool { a.number == b.number }
}
