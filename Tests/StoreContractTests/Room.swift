// StoreContractTests
