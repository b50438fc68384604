import NeedleSafety

/// The drive section's figures, in the order in which a person writes them.
extension DriveProfile {
  func rows(ceilings: Ceilings) -> [ProfileRow] {
    var rows = [ProfileRow("drive.protocol", `protocol`.rawValue)]
    if let port { rows.append(ProfileRow("drive.port", port, isText: true)) }
    rows.append(ProfileRow("drive.baud", "\(baud)"))
    switch depthAxis {
    case .stepper(let stepper): rows += stepper.rows(ceilings: ceilings)
    case .servo(let servo): rows += servo.rows(ceilings: ceilings)
    }
    rows += [
      ProfileRow("drive.reply_timeout", "\(replyTimeout)"),
      ProfileRow("drive.polling_period", "\(pollingPeriod)"),
      ProfileRow("drive.reference_timeout", "\(referenceTimeout)"),
      ProfileRow("drive.move_timeout", "\(moveTimeout)"),
    ]
    return rows + (needleMotor?.rows(ceilings: ceilings) ?? [])
  }
}

extension DepthStepper {
  fileprivate func rows(ceilings: Ceilings) -> [ProfileRow] {
    [
      ProfileRow("drive.module", module.rawValue),
      ProfileRow("drive.module_address", "\(moduleAddress)"),
      ProfileRow("drive.reply_address", "\(replyAddress)"),
      ProfileRow("drive.motor", "\(motor)"),
      ProfileRow("drive.mechanics.steps_per_revolution", "\(mechanics.stepsPerRevolution)"),
      ProfileRow("drive.mechanics.microsteps_per_step", "\(mechanics.microstepsPerStep)"),
      ProfileRow("drive.mechanics.lead", "\(mechanics.lead)"),
      ProfileRow("drive.mechanics.reversed", "false"),
      ProfileRow("drive.maximum_speed", "\(maximumSpeed)"),
      ProfileRow("drive.maximum_acceleration", "\(maximumAcceleration)"),
      ProfileRow("drive.reference.depth", "\(reference.depth)"),
      ProfileRow("drive.reference.speed", "\(reference.speed)", ceiling: "\(maximumSpeed)"),
      ProfileRow("drive.reference.switch_speed", "\(reference.switchSpeed)", ceiling: "\(maximumSpeed)"),
      ProfileRow(
        "drive.reference.tolerance", "\(reference.tolerance)", ceiling: "\(MachineLimits.depthTolerance)"),
      ProfileRow("drive.run_current", "\(runCurrent)", ceiling: "\(ceilings.currentContinuous)"),
      ProfileRow("drive.standby_current", "\(standbyCurrent)", ceiling: "\(runCurrent)"),
      ProfileRow("drive.heartbeat", "\(armsHeartbeat)"),
    ]
  }
}

extension DepthServo {
  fileprivate func rows(ceilings: Ceilings) -> [ProfileRow] {
    [
      ProfileRow("drive.controller", "\(controller)"),
      ProfileRow("drive.mechanics.lead", "\(lead)"),
      ProfileRow("drive.mechanics.reversed", "\(isReversed)"),
      ProfileRow("drive.maximum_speed", "\(maximumSpeed)"),
      ProfileRow("drive.reference.depth", "\(depthAtZero)"),
      ProfileRow("drive.reference.tolerance", "\(tolerance)", ceiling: "\(MachineLimits.depthTolerance)"),
      ProfileRow("drive.run_current", "\(maximumCurrent)", ceiling: "\(ceilings.currentContinuous)"),
    ]
  }
}

extension NeedleMotor {
  fileprivate func rows(ceilings: Ceilings) -> [ProfileRow] {
    let own: [ProfileRow] =
      switch controller {
      case .tmcl(let module, let address, let motor, let acceleration):
        [
          ProfileRow("drive.needle_motor.module", module.rawValue),
          ProfileRow("drive.needle_motor.module_address", "\(address)"),
          ProfileRow("drive.needle_motor.motor", "\(motor)"),
          ProfileRow("drive.needle_motor.acceleration", "\(acceleration)"),
        ]
      case .vesc(let number): [ProfileRow("drive.needle_motor.controller", "\(number)")]
      }
    return own + [
      ProfileRow("drive.needle_motor.pole_pairs", "\(polePairs)"),
      ProfileRow("drive.needle_motor.gear", "\(gear)"),
      ProfileRow("drive.needle_motor.reversed", "\(isReversed)"),
      ProfileRow(
        "drive.needle_motor.maximum_current", "\(maximumCurrent)", ceiling: "\(ceilings.currentPeak)"),
    ]
  }
}
