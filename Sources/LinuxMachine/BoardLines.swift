internal import CGpiod
internal import NeedleSafety
internal import StrokeControl
internal import Units

/// The board's lines, held from opening to the end of this value.
@safe
struct BoardLines: ~Copyable {
  private let handle: OpaquePointer
  /// Room for the edges of one read.
  private let edgeStore: UnsafeMutablePointer<stipple_gpio_edge>
  /// The outputs' levels before anything was requested: what a dead predecessor may have left high.
  let levelsBeforeOpening: OutputLevels
  /// Inputs and outputs that are wired, as masks.
  let inputs: UInt32
  let outputs: UInt32

  /// Half of what a wake holds, because a contact's edge may need its missing opposite put before it.
  static var edgesPerRead: Int32 { @_noLocks get { Int32(Edges.capacity / 2) } }

  /// Requests all lines, outputs low. Throws naming the chip, the line and who holds it.
  init(_ configuration: BoardConfiguration) throws(BoardError) {
    // The outputs' order is the signals' own: FIRE first, so that a chip which sets lines one by one lowers it first.
    let outputLines = OutputSignal.allCases.compactMap { signal in
      configuration.outputs[signal].map { ($0, signal.rawValue) }
    }
    let inputLines = InputSignal.allCases.compactMap { signal in
      configuration.inputs[signal].map { ($0, signal.rawValue) }
    }
    var before: UInt32 = 0
    var problem = stipple_gpio_problem()
    let opened = unsafe Self.withLines(outputLines) { outputs in
      unsafe Self.withLines(inputLines) { inputs in
        unsafe stipple_gpio_open(
          configuration.chip, configuration.consumer, outputs.baseAddress, outputs.count,
          inputs.baseAddress, inputs.count, &before, &problem)
      }
    }
    guard let opened = unsafe opened else { throw BoardError(problem) }
    unsafe handle = opened
    unsafe edgeStore = .allocate(capacity: Int(Self.edgesPerRead))
    unsafe edgeStore.initialize(repeating: stipple_gpio_edge(), count: Int(Self.edgesPerRead))
    levelsBeforeOpening = OutputLevels(bits: before)
    inputs = inputLines.reduce(0) { $0 | 1 << UInt32($1.1) }
    outputs = outputLines.reduce(0) { $0 | 1 << UInt32($1.1) }
  }

  deinit {
    // Some chips keep their levels when a line is given back, so they are made safe first; nobody is left to hear of a failure.
    _ = unsafe stipple_gpio_write(handle, OutputLevels.safe.bits)
    unsafe stipple_gpio_close(handle)
    unsafe edgeStore.deallocate()
  }

  /// The descriptor that becomes readable when edges wait; -1 on a board without inputs.
  var edgeDescriptor: Int32 { unsafe stipple_gpio_edge_descriptor(handle) }

  /// Reads all levels in one system call; `false` when the kernel refused.
  @_noLocks func readLevels(into levels: inout InputLevels) -> Bool {
    unsafe stipple_gpio_read_levels(handle, &levels.bits) == 0
  }

  /// `false` when the kernel refused.
  @_noLocks func write(_ levels: OutputLevels) -> Bool {
    unsafe stipple_gpio_write(handle, levels.bits) == 0
  }

  /// `nil` when the kernel refused.
  @_noLocks func readBack() -> OutputLevels? {
    var bits: UInt32 = 0
    guard unsafe stipple_gpio_read_back(handle, &bits) == 0 else { return nil }
    return OutputLevels(bits: bits)
  }

  /// Takes waiting edges from the kernel through `audit` into `edges`, in one system call; `false` when the kernel refused.
  /// What does not fit stays in the kernel and keeps the descriptor readable.
  @_noLocks func readEdges(through audit: inout EdgeAudit, into edges: inout Edges) -> Bool {
    var lost: Int32 = 0
    let count = unsafe stipple_gpio_read_edges(handle, edgeStore, Self.edgesPerRead, &lost)
    guard count >= 0 else { return false }
    if lost > 0 { edges.noteLost(Int(lost)) }
    var index = 0
    while index < Int(count) {
      let found = unsafe edgeStore[index]
      index += 1
      guard let signal = InputSignal(rawValue: found.bit) else { continue }
      audit.follow(
        Edge(signal: signal, rising: found.rising, at: Instant(sinceBoot: Nanoseconds(found.at_ns))),
        into: &edges)
    }
    return true
  }

  /// Calls `body` with the lines in C's terms, whose names live as long as the call.
  private static func withLines<Result>(
    _ lines: [(BoardConfiguration.Line, UInt8)],
    _ body: (UnsafeBufferPointer<stipple_gpio_line>) -> Result
  ) -> Result {
    var names: [Int] = []
    var text: [CChar] = []
    for (line, _) in lines {
      names.append(text.count)
      if case .name(let name) = line { text.append(contentsOf: name.utf8CString) }
    }
    return unsafe text.withUnsafeBufferPointer { texts in
      let converted = unsafe lines.indices.map { index in
        switch lines[index].0 {
        case .name:
          unsafe stipple_gpio_line(
            name: texts.baseAddress?.advanced(by: names[index]), offset: 0, bit: lines[index].1)
        case .offset(let offset):
          unsafe stipple_gpio_line(name: nil, offset: offset, bit: lines[index].1)
        }
      }
      return unsafe converted.withUnsafeBufferPointer(body)
    }
  }
}
