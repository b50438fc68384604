public import StrokeControl
public import Units

/// The drive behind the loop, whichever protocol it speaks. The loop knows only this type.
///
/// The links are stored side by side and not as the payloads of an enum: changing a payload takes the whole link out and puts
/// it back, and that was an eighth of what a turn of the loop cost.
public struct LinkedDrive: Sendable, BitwiseCopyable {
  /// What is on the line, and so which of the links is in use.
  public enum Language: Sendable, BitwiseCopyable {
    /// A linear machine's depth axis on TMCL.
    case tmcl
    /// A rotary machine's depth axis and needle motor on TMCL.
    case tmclBus
    /// VESCs, one or two.
    case vesc
  }

  public let language: Language
  /// The links of a TMCL line; on a linear machine only ``TMCLBus/depth`` is in use.
  public private(set) var tmcl: TMCLBus
  public private(set) var vesc: VESCLink

  /// A linear machine's drive that speaks TMCL.
  @_noLocks public static func tmcl(_ link: TMCLLink) -> Self {
    var bus = TMCLBus.unused
    bus.depth = link
    return Self(language: .tmcl, tmcl: bus, vesc: .unused)
  }

  /// A rotary machine's drive that speaks TMCL.
  @_noLocks public static func tmclBus(_ bus: TMCLBus) -> Self {
    Self(language: .tmclBus, tmcl: bus, vesc: .unused)
  }

  /// A drive of one or two VESCs.
  @_noLocks public static func vesc(_ link: VESCLink) -> Self {
    Self(language: .vesc, tmcl: .unused, vesc: link)
  }

  @_noLocks private init(language: Language, tmcl: TMCLBus, vesc: VESCLink) {
    self.language = language
    self.tmcl = tmcl
    self.vesc = vesc
  }

  /// Takes bytes from the line; none change nothing.
  @_noLocks public mutating func receive(_ bytes: SerialBytes, at now: Instant) {
    switch language {
    case .tmcl: tmcl.depth.receive(bytes, at: now)
    case .tmclBus: tmcl.receive(bytes, at: now)
    case .vesc: vesc.receive(bytes, at: now)
    }
  }

  /// Takes the step's command; clears `rejected` and `foundMoving` in the feedback. Without a command and with neither of the
  /// two set it changes nothing.
  @_noLocks public mutating func request(_ command: DriveCommand, at now: Instant) {
    switch language {
    case .tmcl: tmcl.depth.request(command, at: now)
    case .tmclBus: tmcl.request(command, at: now)
    case .vesc: vesc.request(command, at: now)
    }
  }

  /// The next bytes for the line; to be called in every wake, until it returns `nil`.
  @_noLocks public mutating func nextFrame(at now: Instant) -> SerialBytes? {
    switch language {
    case .tmcl: tmcl.depth.nextFrame(at: now)
    case .tmclBus: tmcl.nextFrame(at: now)
    case .vesc: vesc.nextFrame(at: now)
    }
  }

  /// Says whether nothing is to move for now: then the drive is read a few times a second only, and its lease lapses.
  @_noLocks public mutating func rest(_ rests: Bool, at now: Instant) {
    switch language {
    case .tmcl: tmcl.depth.rest(rests, at: now)
    case .tmclBus: tmcl.rest(rests, at: now)
    case .vesc: vesc.rest(rests, at: now)
    }
  }

  /// The line is closed or broken.
  @_noLocks public mutating func lineFailed(at now: Instant) {
    switch language {
    case .tmcl: tmcl.depth.lineFailed(at: now)
    case .tmclBus: tmcl.lineFailed(at: now)
    case .vesc: vesc.lineFailed(at: now)
    }
  }

  /// When `nextFrame` has something to do by itself.
  ///
  /// It changes nothing, and so does the feedback: for a getter that is not mutating, out of a mutating method, the compiler copies
  /// the links, 2 kB of them.
  public var deadline: Instant {
    @_noLocks mutating get {
      switch language {
      case .tmcl: tmcl.depth.deadline
      case .tmclBus: tmcl.deadline
      case .vesc: vesc.deadline
      }
    }
  }

  /// What happened on the line so far.
  public var figures: DriveLinkFigures {
    @_noLocks mutating get {
      var figures: DriveLinkFigures
      switch language {
      case .tmcl: figures = tmcl.depth.statistics.figures
      case .tmclBus:
        figures = tmcl.depth.statistics.figures
        figures.add(tmcl.needle.statistics.figures)
      case .vesc:
        figures = vesc.near.statistics.figures
        if vesc.hasFar { figures.add(vesc.far.statistics.figures) }
        figures.discardedBytes = vesc.discardedBytes
      }
      return figures
    }
  }

  public var feedback: DriveFeedback {
    @_noLocks mutating get {
      switch language {
      case .tmcl: tmcl.depth.feedback
      case .tmclBus: tmcl.feedback
      case .vesc: vesc.feedback
      }
    }
  }
}
