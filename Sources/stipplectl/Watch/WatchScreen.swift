import ControlInterface
import Varlink

/// The full screen at work: hears the daemon, reacts to keys, draws.
struct WatchScreen {
  /// How often the screen is drawn without news: the clock, and a new size of the window.
  private static let tick = Duration.milliseconds(250)
  /// Before a broken stream is taken up again.
  private static let pause = Duration.milliseconds(500)
  /// Drawn states a second; more only costs the terminal.
  private static let updatesHz = 20.0

  /// How long good news stays in the line of the state; an alarm stays until the next Stop is answered.
  private static let noticeTime = Duration.seconds(5)

  var console: Console
  var socket: String

  /// Until somebody leaves. Throws when there is no terminal after all.
  func run() async throws {
    guard let terminal = RawTerminal() else {
      throw Trouble(
        status: .failure, headline: "cannot watch: this is no terminal", advice: ["Try watch --lines."])
    }
    defer { terminal.restore() }
    let (inputs, continuation) = AsyncStream.makeStream(
      of: WatchInput.self, bufferingPolicy: .bufferingNewest(1_000))
    let keyboard = Keyboard { key in
      switch key {
      case .leave: continuation.yield(.leave)
      case .stop: Task { continuation.yield(await stop()) }
      }
    }
    defer { keyboard.end() }
    let sources = [
      Task { await listen { continuation.yield($0) } },
      Task { await Pulse(socket: socket).feel { if $0 { continuation.yield(.heard) } } },
      Task { await keepTime { continuation.yield($0) } },
    ]
    defer { for source in sources { source.cancel() } }
    await show(inputs, on: terminal)
  }

  private func show(_ inputs: AsyncStream<WatchInput>, on terminal: RawTerminal) async {
    var model = WatchModel(clock: console.clock)
    var (heardAt, noticedAt) = (ContinuousClock.now, ContinuousClock.now)
    for await input in inputs {
      switch input {
      case .leave: return
      case .machine(let machine): model.machine = machine
      case .status(let status):
        heardAt = .now
        model.take(status)
      case .heard: heardAt = .now
      case .lost(let reason): model.lose(reason, at: WallClock.now())
      case .notice(let text, let isAlarm):
        model.notice = WatchModel.Notice(text: text, isAlarm: isAlarm)
        model.add(text, at: WallClock.now())
        noticedAt = .now
      case .tick:
        if noticedAt.duration(to: .now) > Self.noticeTime, model.notice?.isAlarm == false {
          model.notice = nil
        }
      }
      draw(model, silence: heardAt.duration(to: .now), on: terminal)
    }
  }

  private func draw(_ model: WatchModel, silence: Duration, on terminal: RawTerminal) {
    let size = ScreenSize.current() ?? WatchFrame.smallest
    let frame = WatchFrame(
      model: model, size: size, paint: console.paint, time: console.clock.time(WallClock.now()),
      silence: silence > Pulse.silenceLimit ? Int(silence.components.seconds) : nil)
    terminal.draw(frame.lines)
  }

  private func stop() async -> WatchInput {
    let start = ContinuousClock.now
    do {
      _ = try await StopCall.perform(at: socket)
      let took = start.duration(to: .now)
      return .notice(
        "Stop: answered in \(Figures.span(took))", isAlarm: false)
    } catch {
      return .notice("STOP HAD NO ANSWER: PRESS THE EMERGENCY STOP", isAlarm: true)
    }
  }

  private func keepTime(_ tell: (WatchInput) -> Void) async {
    while !Task.isCancelled {
      tell(.tick)
      try? await Task.sleep(for: Self.tick)
    }
  }

  /// The stream of states, taken up again when it breaks.
  private func listen(_ tell: (WatchInput) -> Void) async {
    while !Task.isCancelled {
      do {
        let connection = try await VarlinkConnection.connect(to: socket)
        let device = Device.Client(connection)
        tell(.machine(try await device.getMachine().machine))
        for try await reply in device.watch(.init(maxUpdatesHz: Self.updatesHz)) {
          tell(.status(reply.status))
        }
        tell(.lost("stippled ended the stream."))
      } catch {
        let trouble = Trouble.of(error, deed: "watch", socket: socket)
        tell(.lost(TextWidth.harmless(trouble.headline) + "."))
      }
      try? await Task.sleep(for: Self.pause)
    }
  }
}
