import Glibc
import Reports
import Units

/// The report of a recording that was named as a file, made here.
enum ReportFile {
  static func text(_ path: String) throws -> String { try read(path).text }
  static func html(_ path: String) throws -> String { try read(path).html }

  private static func read(_ path: String) throws -> TreatmentReport {
    try RecordFile(path: path).mustExist(deed: SessionReportVerb.deed)
    return try TreatmentReport.read(path, ReportOptions(offset: WallClock.offset()))
  }
}
