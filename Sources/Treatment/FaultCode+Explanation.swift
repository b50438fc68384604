public import NeedleSafety

extension FaultCode {
  /// One sentence: what happened and what to do.
  public var explanation: String {
    switch self {
    case .emergencyStop: "The emergency stop was pressed. Release it, then acknowledge."
    case .emergencyStopDisagreement:
      "The two emergency-stop channels differ. Press and release it; if that does not help, have the wiring checked."
    case .guardOpened: "The guard was opened. Close it, then acknowledge."
    case .cartridgeRemoved: "The cartridge was pulled. Fit a cartridge, then acknowledge."
    case .pedalDisagreement: "The pedal's two contacts agree when they must differ. Check its plug and cable."
    case .pedalDownAtPowerUp: "The pedal was down at power-up. Release it, then acknowledge."
    case .torqueFeedback:
      "Safe torque off did not follow its outputs. Do not use the machine; have it serviced."
    case .driveFault: "The drive reports a fault. Switch the drive off and on, then acknowledge."
    case .driveLink: "The drive does not answer as it should. Check its cable and supply, then acknowledge."
    case .needleStalled:
      "The needle did not complete its stroke in time. Check the cartridge and the handpiece."
    case .needleUnproved:
      "Nothing proves the needle home: treat it as out. Check the handpiece; on a rotary machine bring it home (stipplectl home)."
    case .strokeRateExceeded: "A stroke came faster than the ceiling allows. Have the machine serviced."
    case .depthExceeded: "A stroke went deeper than the ceiling allows. Have the machine calibrated."
    case .dwellExceeded: "The needle stayed out longer than the ceiling allows. Check the handpiece."
    case .driveMoving:
      "The drive was already moving when it was first spoken to. Check who else talks to it, then acknowledge."
    case .spinTransition:
      "The cam took too long to reach its rate or to come to a stand. Check the cartridge and the handpiece."
    case .depthDeviation: "The depth axis is not where it was sent. Check the handpiece, then acknowledge."
    case .planRefused:
      "A stroke that would have broken a limit was not fired. Choose another profile or zone."
    case .outputWrite: "An output line could not be written. Have the board checked."
    case .inputLost:
      "Input edges were lost, so the lines cannot be trusted. Acknowledge; if it recurs, see doctor."
    case .loopStalled: "The control loop was held up by this host. Acknowledge; if it recurs, see timing."
    case .currentExceeded: "The motor drew too much current. Check the cartridge and the handpiece."
    case .motorHot: "The motor is too hot. Let it cool down, then acknowledge."
    case .selfTest: "The self-test found something wrong. Acknowledge, then run it again."
    }
  }
}
