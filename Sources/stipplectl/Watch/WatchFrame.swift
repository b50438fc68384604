import ControlInterface

/// The full screen as lines, each at most as wide as the screen. Pure: the same model and size give the same lines.
struct WatchFrame {
  /// Below this the frame is cut rather than laid out anew.
  static let smallest = ScreenSize(columns: 80, rows: 24)

  var model: WatchModel
  var size: ScreenSize
  var paint: Paint
  /// The time of day at the top right.
  var time: String
  /// Seconds without any word from the daemon; nil when it was heard just now.
  var silence: Int?

  private var width: Int { max(size.columns, 20) }

  /// Exactly `size.rows` lines.
  var lines: [String] {
    let head = [title, stateLine]
    let foot = [keys]
    let room = max(0, size.rows - head.count - foot.count)
    var body = model.status.map { gauges($0) + sections($0, rows: room - 11) } ?? [waiting]
    if body.count > room { body = Array(body[..<room]) }
    body += Array(repeating: "", count: room - body.count)
    return Array((head + body + foot).prefix(size.rows))
  }

  private var title: String {
    let machine = model.machine.map { " \($0.name)" + ($0.isVirtual ? " (virtual)" : "") } ?? ""
    let left = TextWidth.padded(" stipple" + TextWidth.harmless(machine), to: width - time.count - 1)
    return paint.dim(left + time)
  }

  /// The state, or what matters more: that Stop had no answer, or that what is shown is old.
  private var stateLine: String {
    if let notice = model.notice, notice.isAlarm { return alarm(notice.text) }
    if let silence {
      return alarm("NO WORD FOR \(silence) s: what is shown is old. Needle moving? EMERGENCY STOP.")
    }
    guard let status = model.status else { return "" }
    if model.lost != nil {
      return alarm("CONNECTION LOST: what is shown is old. Needle moving? EMERGENCY STOP.")
    }
    let state = paint.badge(
      TextWidth.padded(" \(status.state.words.uppercased())", to: 11), status.state.colour)
    let rest = "  needle \(status.needle.words)  " + (model.notice?.text ?? status.state.meaning)
    return state + TextWidth.padded(rest, to: width - 11)
  }

  private func alarm(_ text: String) -> String { paint.alarm(TextWidth.padded(" " + text, to: width)) }

  private var waiting: String {
    " " + (model.lost.map { "\($0) Trying again." } ?? "Waiting for the daemon's first word.")
  }

  private var keys: String {
    paint.dim(TextWidth.padded(" s or space: Stop    q: leave (the machine goes on as it is)", to: width))
  }

  private func row(_ label: String, _ text: String) -> String {
    paint.dim(TextWidth.padded(" " + label, to: 11))
      + TextWidth.clipped(TextWidth.harmless(text), to: width - 12)
  }

  private func gauges(_ status: Device.Status) -> [String] {
    [
      rule(""), row("Profile", StatusWords.profile(status)),
      row("Session", StatusWords.session(status, model.clock)),
      row("Materials", StatusWords.materials(status)), "",
    ] + WatchGauges(status: status).all.map { " " + $0.line(width: width - 2, paint: paint) }
      + ["", row("Counts", StatusWords.counts(status))]
  }

  /// What needs a hand and what happened, side by side where there is room.
  private func sections(_ status: Device.Status, rows: Int) -> [String] {
    guard rows >= 3 else { return [] }
    if width >= 140 {
      let left = width / 2 - 1
      let alerts = filled(attention(status, width: left), rows: rows, width: left)
      let events = filled(history(rows: rows, width: width - left - 2), rows: rows, width: width - left - 2)
      return zip(alerts, events).map { "\($0)  \($1)" }
    }
    let lines = WatchAttention(status: status, width: width - 2, clock: model.clock, paint: paint)
    // The history gives up what it does not fill; the newest event stays in sight.
    let share = max(2, rows * 2 / 3, rows - 1 - model.entries.count)
    let alerts = [rule(lines.title, width: width)] + lines.fitted(to: min(share, rows - 2) - 1)
    return alerts + history(rows: rows - alerts.count, width: width)
  }

  private func filled(_ lines: [String], rows: Int, width: Int) -> [String] {
    let kept = lines.prefix(rows)
    return kept + Array(repeating: String(repeating: " ", count: width), count: rows - kept.count)
  }

  private func attention(_ status: Device.Status, width: Int) -> [String] {
    let lines = WatchAttention(status: status, width: width - 2, clock: model.clock, paint: paint)
    return [rule(lines.title, width: width)] + lines.fitted(to: size.rows)
  }

  private func history(rows: Int, width: Int) -> [String] {
    guard rows > 0 else { return [] }
    let entries = model.entries.suffix(rows - 1).map { entry in
      paint.dim(" \(entry.time)  ") + TextWidth.padded(entry.text, to: max(0, width - 11))
    }
    return [rule("What happened", width: width)] + entries
  }

  private func rule(_ title: String, width: Int? = nil) -> String {
    let width = width ?? self.width
    let start = title.isEmpty ? "" : "── \(title) "
    return paint.dim(start + String(repeating: "─", count: max(0, width - TextWidth.of(start))))
  }
}
