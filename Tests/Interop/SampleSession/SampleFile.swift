import SessionLog
import Units

enum SampleFile {
  /// A finished session of two zones with a cartridge pulled between them.
  static func write(to folder: String, strokes: UInt64) throws -> FinishedSession {
    var treatment = SampleTreatment(seed: 7)
    let writer = try SessionWriter.create(
      in: folder, SampleTreatment.facts("sample"), at: treatment.now, wallClock: SampleTreatment.wallClock)
    try treatment.begin(writer)
    try writer.grant(
      IntentRecord(kind: .granted, firstStroke: 1, lastStroke: strokes, zone: "hairline", dotsAtMost: 100),
      at: treatment.now)
    var zone = "hairline"
    for index in 0..<strokes {
      if index == strokes / 2 {
        try writer.append(
          StateRecord(
            kind: .faultRaised, code: "cartridge_removed", priority: .medium,
            detail: "CARTRIDGE_N went high while the needle was out"), at: treatment.now)
        treatment.now += .seconds(20)
        try writer.append(StateRecord(kind: .faultAcknowledged, code: "cartridge_removed"), at: treatment.now)
        zone = "crown"
        try treatment.enter(zone, attributes: "thinning", writer)
      }
      try treatment.stroke(writer)
      if treatment.strokes.isMultiple(of: 25) {
        try treatment.dot(zone, strokes: 20, writer)
        treatment.now += .milliseconds(250 + treatment.random.noise(60))
      }
      if treatment.strokes.isMultiple(of: 100) { try treatment.second(writer) }
    }
    try writer.append(
      IntentRecord(kind: .settled, lastStroke: strokes, zone: zone), at: treatment.now)
    try writer.append(NoteRecord(author: "anna", text: "client comfortable"), at: treatment.now)
    return try writer.finish(at: treatment.now, SessionClosing(closedBy: "anna", reason: "treatment done"))
  }
}
