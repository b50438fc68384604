public import NeedleSafety

extension FaultCode {
  /// What the journal knows this fault's lines by (`MESSAGE_ID`): made once at random and never changed, because people search
  /// and alert by it. `systemd/stipple.catalog` explains each to `journalctl -x`.
  public var messageIdentifier: String {
    switch self {
    case .emergencyStop: "8817bbc3313242d9a38428cf5bee2f11"
    case .emergencyStopDisagreement: "26a1c4f37e424d63bf630f569626b8c8"
    case .guardOpened: "a8343bc7ef63414ebaee42d156f27792"
    case .cartridgeRemoved: "b09722ca5f934c07aaec3f9dcbcaa68d"
    case .pedalDisagreement: "eb77fe10c7614127a85270284525e34c"
    case .pedalDownAtPowerUp: "e890c40f210e41788eea7b878b878377"
    case .torqueFeedback: "3253373bc74e41d38332816a9c49fcb3"
    case .driveFault: "87844a4c6bcd4ba796670653d4ca4c2d"
    case .driveLink: "cc5b5e00f1c24baeb93d53f9b228c351"
    case .needleStalled: "df6239f6c37944cc8c649d4893feebd4"
    case .needleUnproved: "d80c9d963f314ebc875c32bac9a7b47c"
    case .strokeRateExceeded: "927368e5b23d4a2397f0bd25715d234e"
    case .depthExceeded: "8a4b65cced0846e1b7fb30fe554ab8f3"
    case .dwellExceeded: "6d740a33f8534afdbf86b47c1c9128be"
    case .depthDeviation: "0e5b5bd12dc3413c9dd8a26ee4e252bf"
    case .planRefused: "6cf30c15173943caa1191b8c47fc8b64"
    case .outputWrite: "6efea2c11a3746258268227294c24ba5"
    case .inputLost: "3cd71875faa64f91a4ff5ef5b2f6d820"
    case .loopStalled: "b491edf24c4549908a94c771472ea0ce"
    case .currentExceeded: "220be6964f1e4b4d906f8530608cda61"
    case .motorHot: "c72ce3cfa58d4a779b1e554e4130bda3"
    case .selfTest: "a75acff9e7884e37834e7123b7bb7eab"
    case .driveMoving: "e8bfbc297ed44cec9d3c7a2e82ad45c7"
    case .spinTransition: "2d843f92abdd451a9ad89db11629789a"
    }
  }
}
