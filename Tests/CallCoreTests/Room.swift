// CallCoreTests
