// EngineContractTests
