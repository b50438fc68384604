public import StrokeControl
public import Units

/// The drive behind the loop, whichever protocol it speaks. The loop knows only this type.
public enum LinkedDrive: Sendable, BitwiseCopyable {
  case tmcl(TMCLLink)

  /// Takes bytes from the line.
  @_noLocks public mutating func receive(_ bytes: SerialBytes, at now: Instant) {
    switch self {
    case .tmcl(var link):
      link.receive(bytes, at: now)
      self = .tmcl(link)
    }
  }

  /// Takes the step's command; clears `rejected` in the feedback.
  @_noLocks public mutating func request(_ command: DriveCommand, at now: Instant) {
    switch self {
    case .tmcl(var link):
      link.request(command, at: now)
      self = .tmcl(link)
    }
  }

  /// The next bytes for the line; to be called until it returns `nil`.
  @_noLocks public mutating func nextFrame(at now: Instant) -> SerialBytes? {
    switch self {
    case .tmcl(var link):
      let bytes = link.nextFrame(at: now)
      self = .tmcl(link)
      return bytes
    }
  }

  /// The line is closed or broken.
  @_noLocks public mutating func lineFailed(at now: Instant) {
    switch self {
    case .tmcl(var link):
      link.lineFailed(at: now)
      self = .tmcl(link)
    }
  }

  /// When `nextFrame` has something to do by itself.
  public var deadline: Instant {
    @_noLocks get {
      switch self {
      case .tmcl(let link): link.deadline
      }
    }
  }

  public var feedback: DriveFeedback {
    @_noLocks get {
      switch self {
      case .tmcl(let link): link.feedback
      }
    }
  }
}
