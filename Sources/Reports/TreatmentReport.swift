public import SessionLog
import Units

/// Everything a report shows, read from a session's file in one pass. It needs no daemon and no catalog.
public struct TreatmentReport: Sendable {
  public private(set) var verdict = SessionVerdict.unread
  let options: ReportOptions
  var facts = SessionFacts()
  var opened: WallTime?
  /// Seconds from opening to the last record.
  var length = 0.0
  var zones: [ZoneReport] = []
  var rate = QuantityReport(
    name: "Stroke rate", unit: "Hz", decimals: 1, histogram: Histogram(width: 0.1, bins: 2_000))
  var depth = QuantityReport(
    name: "Depth", unit: "mm", decimals: 2, histogram: Histogram(width: 0.002, bins: 1_250))
  var dwell = QuantityReport(
    name: "Dwell", unit: "ms", decimals: 2, histogram: Histogram(width: 0.01, bins: 2_500))
  var timeline: [TimelineEntry] = []
  /// Entries that did not fit ``mostEntries``.
  var unlisted = 0
  var materials: [MaterialReport] = []
  /// Where the material of each kind is that is in use.
  private var inUse: [MaterialKind: Int] = [:]
  var actions: [(ActionRecord, WallTime)] = []
  var zoneChanges: [(name: String, second: Double)] = []
  var settings: [(SettingRecord, WallTime)] = []
  var faults = 0
  var outsideEnvelope: UInt64 = 0
  /// Seconds with a press in force: from the start of each run to its end.
  var runningSeconds = 0.0
  /// When the run under way began.
  private var runStart: Double?
  var ringDrops: UInt64 = 0

  /// The most lines in one list; a session of 4 h has a few dozen.
  static var mostEntries: Int { 400 }

  /// Reads and verifies a file. Damage is part of the report; throws only when the file cannot be read at all.
  public static func read(_ path: String, _ options: ReportOptions = ReportOptions()) throws
    -> TreatmentReport
  {
    var report = TreatmentReport(options: options)
    report.verdict = try SessionFile.verify(path) { report.add($0) }
    if let interval = report.verdict.digest.open { report.note(uncertain: interval, at: report.length) }
    return report
  }

  private init(options: ReportOptions) { self.options = options }

  var clock: ClockText { ClockText(offset: options.offset) }

  mutating func add(_ event: SessionEvent) {
    let second = Double(event.sinceOpen.count) / 1e9
    length = max(length, second)
    if opened == nil { opened = event.at }
    switch event.record {
    case .session(let facts): add(facts, event.at, second)
    case .stroke(let stroke): add(stroke, second)
    case .dot(let dot): add(dot, second)
    case .zone(let zone): add(zone, second)
    case .setting(let setting): add(setting, event.at, second)
    case .state(let state): add(state, event.at, second)
    case .material(let material):
      if materials.count < Self.mostEntries {
        inUse[material.kind] = materials.count
        materials.append(MaterialReport(record: material, from: event.at))
      }
    case .action(let action): if actions.count < Self.mostEntries { actions.append((action, event.at)) }
    case .note(let note): list(event.at, second, .note, "Note by \(note.author)", note.text)
    case .intent(let intent):
      guard intent.kind == .uncertain, intent.firstStroke <= intent.lastStroke else { return }
      note(
        uncertain: UncertainInterval(
          firstStroke: intent.firstStroke, lastStroke: intent.lastStroke, zone: intent.zone,
          dotsAtMost: intent.dotsAtMost), at: second)
    case .loop(let loop): ringDrops += UInt64(loop.ringDrops)
    case .drive: break
    }
  }

  private mutating func add(_ facts: SessionFacts, _ at: WallTime, _ second: Double) {
    if self.facts.id.isEmpty { self.facts = facts }
    if facts.segment > 1 {
      // Between the dots before and after an interruption lies no interval of work.
      for index in zones.indices { zones[index].lastDotAt = nil }
      list(at, second, .mark, "Resumed", "segment \(facts.segment), by \(facts.openedBy)")
    }
  }

  private mutating func add(_ stroke: StrokeRecord, _ second: Double) {
    for index in inUse.values { materials[index].strokes += 1 }
    let period = Double(stroke.period.count) / 1e9
    // A longer period is a pause between dots or presses, not a rate: the slowest profile runs at 2 Hz and more.
    if period > 0, period <= 0.5 { rate.add(1 / period, at: second) }
    if let measured = stroke.measuredDepth { depth.add(Double(measured.count) / 1e3, at: second) }
    if stroke.verdict != .unmeasured, stroke.dwell > .zero {
      dwell.add(Double(stroke.dwell.count) / 1e6, at: second)
    }
    switch stroke.verdict {
    case .withinEnvelope, .unmeasured, .interrupted: break
    default: outsideEnvelope += 1
    }
  }

  private mutating func add(_ dot: DotRecord, _ second: Double) {
    zones[zone(dot.zone)].addDot(strokes: dot.strokes, depth: dot.depth, at: second)
    for index in inUse.values { materials[index].add(dot) }
  }

  private mutating func add(_ record: ZoneRecord, _ second: Double) {
    let index = zone(record.name)
    zones[index].attributes = record.attributes
    zones[index].area = record.area
    zones[index].targetDensity = record.targetDensity
    zones[index].ceilingDensity = record.ceilingDensity
    zones[index].budget = record.budget
    zones[index].planDots = UInt64(record.planDotsBefore)
    zones[index].planCeiling = record.planCeilingDensity
    if zoneChanges.count < Self.mostEntries { zoneChanges.append((record.name, second)) }
  }

  private mutating func add(_ setting: SettingRecord, _ at: WallTime, _ second: Double) {
    rate.set(
      asked: Double(setting.rate.count) / 1e3, ceiling: Double(setting.rateCeiling.count) / 1e3, at: second)
    depth.set(
      asked: Double(setting.depth.count) / 1e3, ceiling: Double(setting.depthCeiling.count) / 1e3, at: second)
    dwell.set(
      asked: Double(setting.plannedTimeOut.count) / 1e6, ceiling: Double(setting.dwellCeiling.count) / 1e6,
      at: second)
    if settings.count < Self.mostEntries { settings.append((setting, at)) }
  }

  private mutating func add(_ state: StateRecord, _ at: WallTime, _ second: Double) {
    let name = state.code.split(separator: "_").joined(separator: " ")
    if state.kind == .runStarted { runStart = second }
    if state.kind == .runEnded, let start = runStart {
      runningSeconds += second - start
      runStart = nil
    }
    switch state.kind {
    case .faultRaised:
      faults += 1
      list(at, second, state.priority == .high ? .highFault : .fault, "Fault: \(name)", state.detail)
    case .faultAcknowledged: list(at, second, .mark, "Acknowledged: \(name)", state.detail)
    case .interlockOpened: noteOpening(at, second, "Interlock open: \(name)")
    case .refused:
      let missing = state.detail.split(separator: " ").map { $0.split(separator: "_").joined(separator: " ") }
      list(at, second, .mark, "Arm refused", missing.joined(separator: ", "))
    case .dropped: list(at, second, .fault, "Records dropped", state.detail)
    // A run that ended because the pedal was released is the normal case and needs no line.
    case .runEnded where !["", "pedal_released", "dot_done"].contains(state.code):
      list(at, second, .stop, "Run ended: \(name)", state.detail)
    default: break
    }
  }

  private mutating func note(uncertain interval: UncertainInterval, at second: Double) {
    let time = (opened ?? WallTime(sinceEpoch: .zero)) + Nanoseconds(Int64(second * 1e9))
    if !interval.zone.isEmpty { zones[zone(interval.zone)].uncertainDots += UInt64(interval.dotsAtMost) }
    list(
      time, second, .uncertain, "Uncertain",
      "strokes \(NumberText.grouped(interval.firstStroke)) to \(NumberText.grouped(interval.lastStroke)) may or may not have been made: at most "
        + "\(NumberText.grouped(interval.strokesAtMost)) strokes, \(NumberText.grouped(interval.dotsAtMost)) dots"
    )
  }

  /// A contact that bounces opens many times within a moment: one line, with a count.
  private mutating func noteOpening(_ at: WallTime, _ second: Double, _ title: String) {
    if let index = timeline.lastIndex(where: { $0.title == title }), second - timeline[index].lastSecond < 3 {
      timeline[index].times += 1
      timeline[index].lastSecond = second
      timeline[index].detail = "\(timeline[index].times) times within a moment"
      return
    }
    list(at, second, .stop, title, "")
  }

  private mutating func list(
    _ at: WallTime, _ second: Double, _ kind: TimelineEntry.Kind, _ title: String, _ detail: String
  ) {
    guard timeline.count < Self.mostEntries else {
      unlisted += 1
      return
    }
    timeline.append(TimelineEntry(at: at, second: second, kind: kind, title: title, detail: detail))
  }

  /// The index of a zone, added when it is new.
  private mutating func zone(_ name: String) -> Int {
    if let index = zones.firstIndex(where: { $0.name == name }) { return index }
    zones.append(ZoneReport(name: name, attributes: ""))
    return zones.count - 1
  }
}
