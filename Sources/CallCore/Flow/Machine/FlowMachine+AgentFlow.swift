extension FlowMachine: AgentFlow {}
