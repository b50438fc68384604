// Runs inside the rig only: drives the simulated board through LinuxMachine's public parts and prints what it saw, one fact
// per line, for guest-board.py to judge. It decides nothing itself.
import Glibc
import LinuxMachine
import NeedleSafety
import StrokeControl
import Units

do {
  let wakeUp = try WakeUp()
  switch Options.mode {
  case "check":
    let check = BoardCheck(Options.configuration)
    for finding in check.findings { say(finding.description) }
    exit(check.passed ? 0 : 1)
  case "open":
    let machine = try openBoard(wakeUp: wakeUp)
    say("before \(machine.levelsBeforeOpening.bits)")
  case "hold":
    var machine = try openBoard(wakeUp: wakeUp)
    let written = machine.write(OutputLevels(bits: .max))
    say("held \(written) \(machine.readBack()?.bits ?? 0)")
    var wake = Wake()
    while true { machine.wait(until: .distantFuture, into: &wake) }
  case "leave":
    var machine = try openBoard(wakeUp: wakeUp)
    say("left \(machine.write(OutputLevels(bits: .max)))")
  case "follow":
    try follow(wakeUp)
  case "pulse":
    try pulse(wakeUp)
  case "stall":
    try stall(wakeUp)
  case "order":
    var machine = try openBoard(wakeUp: wakeUp)
    _ = machine.write(OutputLevels(bits: OutputSignal.fire.bit))
    _ = machine.write(OutputLevels(bits: OutputSignal.torqueEnableA.bit | OutputSignal.torqueEnableB.bit))
    _ = machine.write(.safe)
    say("calls \(machine.callsOutsideWait)")
  case "allocations":
    try countAllocations(wakeUp)
  case "watchdog":
    try feedWatchdog()
  default:
    say("usage: board-probe check|open|hold|leave|follow|pulse|stall|order|allocations|watchdog")
    exit(64)
  }
} catch {
  say("error \(error)")
  exit(1)
}
