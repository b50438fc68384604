/// The number that tells a Trinamic module what to do; one byte of every request, echoed by every reply.
///
/// Source: the command overview every TMCL firmware manual has; PyTrinamic 0.2.26, `tmcl.py`.
public struct TMCLInstruction: Equatable, Sendable, BitwiseCopyable {
  public var number: UInt8

  @_noLocks public init(_ number: UInt8) { self.number = number }

  /// ROR: turns right at a speed.
  public static var rotateRight: Self { @_noLocks get { Self(1) } }
  /// ROL: turns left at a speed.
  public static var rotateLeft: Self { @_noLocks get { Self(2) } }
  /// MST: stops the motor along its ramp.
  public static var stop: Self { @_noLocks get { Self(3) } }
  /// MVP: moves to a position; type 0 absolute, 1 relative.
  public static var move: Self { @_noLocks get { Self(4) } }
  /// SAP, GAP: write and read an axis parameter.
  public static var setAxis: Self { @_noLocks get { Self(5) } }
  public static var getAxis: Self { @_noLocks get { Self(6) } }
  /// STAP, RSAP: store and restore an axis parameter in the module's EEPROM.
  public static var storeAxis: Self { @_noLocks get { Self(7) } }
  public static var restoreAxis: Self { @_noLocks get { Self(8) } }
  /// SGP, GGP: write and read a global parameter.
  public static var setGlobal: Self { @_noLocks get { Self(9) } }
  public static var getGlobal: Self { @_noLocks get { Self(10) } }
  /// STGP, RSGP: store and restore a global parameter in the module's EEPROM.
  public static var storeGlobal: Self { @_noLocks get { Self(11) } }
  public static var restoreGlobal: Self { @_noLocks get { Self(12) } }
  /// RFS: reference search; type 0 start, 1 stop, 2 status (0 = not active).
  public static var referenceSearch: Self { @_noLocks get { Self(13) } }
  /// Firmware version; type 0 as text without a checksum, 1 as a number.
  public static var firmwareVersion: Self { @_noLocks get { Self(136) } }
}
