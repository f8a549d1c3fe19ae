// CallDriverTests
