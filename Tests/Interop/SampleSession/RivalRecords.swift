import GRDBSQLite
import Glibc
import SessionLog
import Units

/// The same strokes as two other designs would keep them, done as well as we know: a row each in SQLite, a line each in CSV. Both are
/// handed to the kernel as often as our own record is and made durable at the end.
struct RivalRecords {
  let folder: String
  let samples: [StrokeRecord]
  /// Strokes between two hand-overs.
  let batch: UInt64

  struct Figures {
    var time: Stopwatch
    var bytes: UInt64
  }

  /// One prepared statement, a transaction per batch, WAL with `synchronous = NORMAL`: a commit survives the process, as our flush does.
  func sqlite(strokes: UInt64) throws -> Figures {
    let path = folder + "/rival.sqlite"
    var database: OpaquePointer?
    var insert: OpaquePointer?
    guard unsafe sqlite3_open(path, &database) == SQLITE_OK else { throw Failure(what: "open") }
    defer { unsafe sqlite3_close(database) }
    let schema = """
      PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
      CREATE TABLE stroke (sequence INTEGER PRIMARY KEY, start_ns INTEGER, period_us INTEGER, extend_us INTEGER, dwell_us INTEGER,
        commanded_um INTEGER, measured_um INTEGER, current_ma INTEGER, verdict INTEGER) STRICT;
      """
    guard unsafe sqlite3_exec(database, schema, nil, nil, nil) == SQLITE_OK,
      unsafe sqlite3_prepare_v2(
        database, "INSERT INTO stroke VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", -1, &insert, nil) == SQLITE_OK
    else { throw Failure(what: "schema") }
    var problem: Int32 = SQLITE_OK
    func run(_ text: String) {
      if unsafe sqlite3_exec(database, text, nil, nil, nil) != SQLITE_OK { problem = SQLITE_ERROR }
    }
    let time = Stopwatch.measure {
      run("BEGIN")
      for index in 1...strokes {
        let stroke = samples[Int(index) & (samples.count - 1)]
        let values: (Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64, Int64) = (
          Int64(index), Int64(index) * 10_000_000, stroke.period.inMicroseconds, stroke.extend.inMicroseconds,
          stroke.dwell.inMicroseconds, Int64(stroke.commandedDepth.count),
          Int64(stroke.measuredDepth?.count ?? 0),
          Int64(stroke.peakCurrent?.count ?? 0), Int64(stroke.verdict.rawValue)
        )
        unsafe sqlite3_bind_int64(insert, 1, values.0)
        unsafe sqlite3_bind_int64(insert, 2, values.1)
        unsafe sqlite3_bind_int64(insert, 3, values.2)
        unsafe sqlite3_bind_int64(insert, 4, values.3)
        unsafe sqlite3_bind_int64(insert, 5, values.4)
        unsafe sqlite3_bind_int64(insert, 6, values.5)
        unsafe sqlite3_bind_int64(insert, 7, values.6)
        unsafe sqlite3_bind_int64(insert, 8, values.7)
        unsafe sqlite3_bind_int64(insert, 9, values.8)
        if unsafe sqlite3_step(insert) != SQLITE_DONE { problem = SQLITE_ERROR }
        unsafe sqlite3_reset(insert)
        if index.isMultiple(of: batch) { run("COMMIT; BEGIN") }
      }
      run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)")
    }
    unsafe sqlite3_finalize(insert)
    guard problem == SQLITE_OK else { throw Failure(what: "insert") }
    return Figures(time: time, bytes: UInt64(try FileBytes.count(path)))
  }

  /// Integers written digit by digit into one buffer, one `write` per batch.
  func csv(strokes: UInt64) throws -> Figures {
    let path = folder + "/rival.csv"
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(what: "open") }
    defer { close(descriptor) }
    var buffer: [UInt8] = []
    buffer.reserveCapacity(Int(batch) * 96)
    var isWhole = true
    let time = Stopwatch.measure {
      for index in 1...strokes {
        let stroke = samples[Int(index) & (samples.count - 1)]
        Self.add(Int64(index), to: &buffer, end: 0x2C)
        Self.add(Int64(index) * 10_000_000, to: &buffer, end: 0x2C)
        Self.add(stroke.period.inMicroseconds, to: &buffer, end: 0x2C)
        Self.add(stroke.extend.inMicroseconds, to: &buffer, end: 0x2C)
        Self.add(stroke.dwell.inMicroseconds, to: &buffer, end: 0x2C)
        Self.add(Int64(stroke.commandedDepth.count), to: &buffer, end: 0x2C)
        Self.add(Int64(stroke.measuredDepth?.count ?? 0), to: &buffer, end: 0x2C)
        Self.add(Int64(stroke.peakCurrent?.count ?? 0), to: &buffer, end: 0x2C)
        Self.add(Int64(stroke.verdict.rawValue), to: &buffer, end: 0x0A)
        guard index.isMultiple(of: batch) || index == strokes else { continue }
        let written = unsafe buffer.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
        isWhole = isWhole && written == buffer.count
        buffer.removeAll(keepingCapacity: true)
      }
      isWhole = isWhole && fdatasync(descriptor) == 0
    }
    guard isWhole else { throw Failure(what: "write") }
    return Figures(time: time, bytes: UInt64(try FileBytes.count(path)))
  }

  private static func add(_ value: Int64, to buffer: inout [UInt8], end: UInt8) {
    if value < 0 { buffer.append(0x2D) }
    let start = buffer.count
    var rest = value.magnitude
    repeat {
      buffer.append(UInt8(0x30 + rest % 10))
      rest /= 10
    } while rest > 0
    buffer[start...].reverse()
    buffer.append(end)
  }

  struct Failure: Error { var what: String }
}
