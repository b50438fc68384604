import Testing

@testable import HostService

@Suite struct ServiceNotifierTests {
  @Test(arguments: [false, true]) func theManagerIsToldInItsOwnWords(isAbstract: Bool) throws {
    let manager = try #require(Listener(isAbstract: isAbstract))
    let notifier = try #require(ServiceNotifier(path: manager.path))
    notifier.tell(.ready(status: "standby"))
    #expect(manager.nextText == "READY=1\nSTATUS=standby\n")
    notifier.tell(.reloading(microseconds: 12_345))
    #expect(manager.nextText == "RELOADING=1\nMONOTONIC_USEC=12345\n")
    notifier.tell(.watchdog)
    #expect(manager.nextText == "WATCHDOG=1\n")
    notifier.tell(.stopping(status: "parking"))
    #expect(manager.nextText == "STOPPING=1\nSTATUS=parking\n")
  }

  @Test func aStatusCannotSmuggleInAnotherAssignment() {
    #expect(ServiceNotifier.Message.status("a\nREADY=1\r\nb").text == "STATUS=a READY=1 b\n")
  }

  @Test func withoutAManagerThereIsNobodyToTell() {
    #expect(ServiceNotifier(environment: ServiceEnvironment(variables: [:], processID: 7)) == nil)
    #expect(ServiceNotifier(path: "/nowhere/at/all") == nil)
    #expect(ServiceNotifier(path: String(repeating: "a", count: 200)) == nil)
  }

  @Test func onlyTheProcessThatIsMeantTakesTheWatchdog() {
    func period(_ variables: [String: String]) -> Int64? {
      ServiceEnvironment(variables: variables, processID: 7).watchdogMicroseconds
    }
    #expect(period(["WATCHDOG_USEC": "2000000"]) == 2_000_000)
    #expect(period(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "7"]) == 2_000_000)
    #expect(period(["WATCHDOG_USEC": "2000000", "WATCHDOG_PID": "8"]) == nil)
    #expect(period(["WATCHDOG_USEC": "0"]) == nil)
    #expect(period(["WATCHDOG_USEC": "often"]) == nil)
  }

  @Test func theControlSocketIsTheOneNamedSo() {
    func socket(_ variables: [String: String]) -> Int32? {
      ServiceEnvironment(variables: variables, processID: 7).controlSocket
    }
    #expect(socket(["LISTEN_PID": "7", "LISTEN_FDS": "1"]) == 3)
    #expect(socket(["LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "other:control"]) == 4)
    #expect(socket(["LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "other:control"]) == 3)
    #expect(socket(["LISTEN_PID": "8", "LISTEN_FDS": "1"]) == nil)
    #expect(socket(["LISTEN_PID": "7", "LISTEN_FDS": "0"]) == nil)
    #expect(socket([:]) == nil)
  }
}
