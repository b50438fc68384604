// Writes a sample session for readers written elsewhere, or measures the record: `sample-session FOLDER [STROKES]`,
// `sample-session bench FOLDER`, `sample-session report|text FILE`, `sample-session torn FOLDER STROKES CUTS SEED`.

import Glibc
import Reports
import SessionLog

let arguments = CommandLine.arguments
if arguments.count == 3, arguments[1] == "report" {
  print(try TreatmentReport.read(arguments[2]).html)
} else if arguments.count == 3, arguments[1] == "text" {
  print(try TreatmentReport.read(arguments[2]).text)
} else if arguments.count == 3, arguments[1] == "bench" {
  try RecordBenchmark(folder: arguments[2]).run()
} else if arguments.count == 6, arguments[1] == "torn" {
  let torn = TornFiles(folder: arguments[2], seed: UInt64(arguments[5]) ?? 1)
  guard try torn.run(strokes: UInt64(arguments[3]) ?? 20_000, cuts: Int(arguments[4]) ?? 100) else { exit(1) }
} else if arguments.count >= 2 {
  let finished = try SampleFile.write(
    to: arguments[1], strokes: arguments.count > 2 ? UInt64(arguments[2]) ?? 2_000 : 2_000)
  print(
    "\(finished.path) strokes=\(finished.digest.strokes) dots=\(finished.digest.dots) "
      + "records=\(finished.digest.records) sha256=\(finished.sha256)")
} else {
  print(
    "usage: sample-session FOLDER [STROKES] | sample-session bench FOLDER | sample-session report|text FILE | sample-session torn FOLDER STROKES CUTS SEED"
  )
  exit(64)
}
