/// Why a controller that answers is not used.
public enum VESCRefusal: Equatable, Sendable, BitwiseCopyable {
  /// A version whose settings cannot be read.
  case firmware(major: UInt8, minor: UInt8)
  /// Settings of another layout than the version's.
  case signature(UInt32)
  /// Another controller than the profile's answers.
  case controller(UInt8)
  /// The time-out is off, or beyond the lease, ms.
  case timeout(UInt32)
  /// The time-out is so short that a lost reply would expire it, ms.
  case shortTimeout(UInt32)
  /// Other poles than the profile's.
  case poles(UInt8)
  /// The greatest current in its settings is no number to divide by.
  case current
  /// The limits did not read back as written.
  case limits

  /// What is wrong and what to do.
  public var explanation: String {
    switch self {
    case .firmware(let major, let minor):
      "firmware \(major).\(minor) is not one whose settings are known; install 5.1, 5.2 or 6.0"
    case .signature(let signature): "its settings have signature \(signature), which is not its firmware's"
    case .controller(let number):
      "controller \(number) answers; set its number in VESC Tool or in the profile"
    case .timeout(0): "its time-out is off; set it to the machine's lease in VESC Tool"
    case .timeout(let time):
      "its time-out of \(time) ms is beyond the machine's lease; shorten it in VESC Tool"
    case .shortTimeout(let time):
      "its time-out of \(time) ms is under three polling periods; lengthen it in VESC Tool"
    case .poles(let poles): "its motor has \(poles) poles, not the profile's; correct the one that is wrong"
    case .current: "its greatest motor current is not a positive number; set it in VESC Tool"
    case .limits: "its limits did not read back as written"
    }
  }
}
