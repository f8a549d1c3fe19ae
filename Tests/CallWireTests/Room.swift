// CallWireTests
