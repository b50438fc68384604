public import StrokeControl
public import Units

/// The drive behind the loop, whichever protocol it speaks. The loop knows only this type.
///
/// The links are stored side by side and not as the payloads of an enum: changing a payload takes the whole link out and puts
/// it back, and that was an eighth of what a turn of the loop cost.
public struct LinkedDrive: Sendable, BitwiseCopyable {
  private enum Language: Sendable, BitwiseCopyable {
    case tmcl
  }

  private let language: Language
  private var tmcl: TMCLLink

  /// A drive that speaks TMCL.
  @_noLocks public static func tmcl(_ link: TMCLLink) -> Self { Self(language: .tmcl, tmcl: link) }

  @_noLocks private init(language: Language, tmcl: TMCLLink) {
    self.language = language
    self.tmcl = tmcl
  }

  /// Takes bytes from the line; none change nothing.
  @_noLocks public mutating func receive(_ bytes: SerialBytes, at now: Instant) {
    switch language {
    case .tmcl: tmcl.receive(bytes, at: now)
    }
  }

  /// Takes the step's command; clears `rejected` and `foundMoving` in the feedback. Without a command and with neither of the
  /// two set it changes nothing.
  @_noLocks public mutating func request(_ command: DriveCommand, at now: Instant) {
    switch language {
    case .tmcl: tmcl.request(command, at: now)
    }
  }

  /// The next bytes for the line; to be called in every wake, until it returns `nil`.
  @_noLocks public mutating func nextFrame(at now: Instant) -> SerialBytes? {
    switch language {
    case .tmcl: tmcl.nextFrame(at: now)
    }
  }

  /// The line is closed or broken.
  @_noLocks public mutating func lineFailed(at now: Instant) {
    switch language {
    case .tmcl: tmcl.lineFailed(at: now)
    }
  }

  /// When `nextFrame` has something to do by itself.
  public var deadline: Instant {
    @_noLocks get {
      switch language {
      case .tmcl: tmcl.deadline
      }
    }
  }

  public var feedback: DriveFeedback {
    @_noLocks get {
      switch language {
      case .tmcl: tmcl.feedback
      }
    }
  }
}
