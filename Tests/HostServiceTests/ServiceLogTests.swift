import Testing

@testable import HostService
