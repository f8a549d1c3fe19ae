import CallCore
import JSON
import Wires
import Formats

extension RouteArea {
  /// Test cases and their runs.
  static let tests = RouteArea(
    name: "Tests", about: "Test cases and their runs, in the shapes of the predecessor Voice Framework.",
    routes: caseRoutes + runRoutes,
    schemas: [
      "Case": .object([
        "test_id": .text(1...CaseLimits.idMax), "persona": .text(), "turns": .list(.named("CaseTurn")),
      ]),
      "CaseTurn": .object([
        "step_order": .whole(1...CaseLimits.turnsMax), "user_input": .text(),
        "expected_agent_response_keywords": .list(.text()), "exact_match_required": .flag,
      ]),
      "NewCase": newCase, "Run": .object(run), "RunWithTranscript": .object(run, and: ["transcript": .list(line)]),
      "Evaluation": .object([
        "status": .choice(["pass", "fail"]), "sentiment_summary": .text(), "zipper_report": .named("ZipperReport"),
      ]),
      "ZipperReport": .object([
        "overall_passed": .flag, "failures": .list(.text()), "findings": .list(.named("Finding")),
        "judged": .list(.named("Judged")), "similarities": .list(.named("Similarity")),
        "steps": .list(.named("Step")),
        "metrics": .object([
          "total_steps": .count, "steps_passed": .count, "steps_failed": .count, "failure_steps": .list(.count),
          "first_failure_step": .count.orNull, "user_deviation_detected": .flag, "coverage": .number(0...1),
        ]),
      ]),
      "Step": .object([
        "step_order": .count, "expected_user_input": .text(), "actual_user_input": .text(),
        "expected_keywords": .list(.text()), "exact_match_required": .flag, "agent_response": .text(),
        "passed": .flag, "details": .text(), "findings": .list(.named("Finding")),
      ]),
      "Finding": .object(["turn": .count.orNull, "kind": .text(), "text": .text(), "invalid": .flag]),
      "Judged": .object([
        "statement": .text(), "never": .flag, "outcome": .choice(["yes", "no", "unjudged", "not-asked"]),
        "reason": .text(),
        "votes": .list(
          .object([
            "answer": .choice(["yes", "no", "cannot-tell"]).orNull, "quote": .text(), "why": .text(),
            "fault": .text().orNull, "at_ms": .count.orNull, "model": .text(),
          ])),
      ]),
      "Similarity": .object([
        "turn": .count.orNull, "expected": .text(), "found": .text(), "score": .number(-1...1).orNull, "passed": .flag,
      ]),
    ])

  // MARK: - Cases

  private static let caseRoutes: [Route] = [
    Route(
      "GET /testcases", "listCases", "All cases, in the order in which they came", scope: .read,
      .blocking(TestCaseController.list),
      answers: [.json(.list(.named("Case")), "All of them.")]),
    Route(
      "POST /testcases", "addCases", "Add a case or several; everything or nothing", scope: .manage,
      .blocking(TestCaseController.add),
      body: cases,
      answers: [
        .json(.any([.named("Case"), .list(.named("Case"))]), status: 201, "What is now kept."),
        .faults("The body is no case."), .problem(409, "There is a case of that id."), full,
      ]),
    Route(
      "GET /testcases/{case}", "getCase", "One case", scope: .read, .blocking(TestCaseController.one),
      answers: [.json(.named("Case"), "The case."), .problem(404, "No such case.")]),
    Route(
      "PUT /testcases/{case}", "replaceCase", "Replace a case", scope: .manage, .blocking(TestCaseController.replace),
      body: cases,
      answers: [
        .json(.named("Case"), "What is now kept."), .faults("The body is no case, or one of another id."),
        .problem(404, "No such case."), full,
      ]),
    Route(
      "DELETE /testcases/{case}", "deleteCase", "Remove a case", scope: .manage, .blocking(TestCaseController.remove),
      answers: [.empty(204, "It is gone."), .problem(404, "No such case.")]),
  ]

  private static let newCase = APISchema.request(
    [
      "test_id": .text(1...CaseLimits.idMax, pattern: "^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$"),
      "persona": .keptText(0...CaseLimits.personaMax),
      "flow": .choice(["appointment"]).about("The flow that is called; of any that there is."),
      "turns": .list(
        .request(
          [
            "step_order": .whole(1...CaseLimits.turnsMax).about("From 1 without a gap."),
            "user_input": .keptText(1...CaseLimits.textMax).about("With words in it."),
            "expected_agent_response_keywords": .list(
              .text(1...CaseLimits.phraseMax).about("With words in it."), 1...CaseLimits.phrasesMax),
            "exact_match_required": .flag,
          ],
          required: ["step_order", "user_input", "expected_agent_response_keywords", "exact_match_required"]),
        1...CaseLimits.turnsMax),
    ], required: ["test_id", "persona", "turns"])

  private static let cases = APIBody(
    content: [
      "application/json": .any([.named("NewCase"), .list(.named("NewCase"), 1...CaseLimits.casesMax)]),
      "application/yaml": .yaml,
    ], about: "The predecessor's JSON, or a file as `Samples/testcases/README.md` describes it.",
    bytesMax: CaseLimits.fileBytesMax)
  private static let full = APIResponse.problem(507, "The store is full.")

  // MARK: - Runs

  private static let runRoutes: [Route] = [
    Route(
      "POST /test/run", "runCase", "Run a case", scope: .manage, .blocking(TestRunController.begin),
      about: """
        The answer comes when the run is over, or with `wait: false` at once. `mode: live` calls `to_number` and needs the scope `dial`, too; it is answered \
        once the call is placed. Where there is a language model, a case that needs it, for `judged`, a caller with a goal or a state `llm`, needs the scope \
        `model`, too.
        """,
      body: .json(
        .request(
          [
            "test_id": .keptText(1...CaseLimits.idMax).example(.string("appointment_hours")),
            "provider": .keptText(1...TestRunRequest.nameMax).standard(.string("twilio")),
            "mode": .choice(TestRun.Mode.allCases.map(\.rawValue)).standard(.string("simulation")),
            "to_number": .keptText(0...TestRunRequest.nameMax).about("`live` needs it."),
            "from_number": .keptText(0...TestRunRequest.nameMax), "metadata": .anyObject,
            "wait": .flag.about("Default: true, but false for `live`, which is answered once the call is placed."),
            "record": .flag.standard(.bool(false)).about("`live`: the report keeps the sound."),
            "skip_unobservable": .flag.standard(.bool(false)), "sound": .flag.standard(.bool(true)),
            "seed": .seed.standard(.integer(1)),
          ], required: ["test_id"]), "Which case and how.", bytesMax: TestRunRequest.bytesMax),
      answers: [
        .json(
          .object([
            "run_id": .text(), "status": .choice(["running", "completed", "failed"]),
            "provider_call_id": .text().orNull, "evaluation": evaluation,
          ]), "What came of it so far."),
        .problem(400, "A member is wrong, or `live` without a number."),
        .problem(403, "A key without the scope `model` or `dial` that the run needs, or a number that is not dialed."),
        .problem(404, "No such case."),
        .problem(422, "`live`: the case expects what a telephone does not tell."),
        .problem(429, "The key has used up its tokens of the day, or its calls.", .retryAfter),
        .problem(501, "`live`: telephone calls are not set up."),
      ]),
    Route(
      "GET /testruns", "listRuns", "The runs, newest first", scope: .read, .blocking(TestRunController.list),
      [.query("limit", .whole(1...100).standard(.integer(10)), "At most so many.")],
      answers: [.json(.list(.named("Run")), "The runs."), .problem(400, "A limit that makes no sense.")]),
    Route(
      "GET /testruns/{id}", "getRun", "One run with its transcript", scope: .read, .blocking(TestRunController.one),
      answers: [.json(.named("RunWithTranscript"), "The run."), missing]),
    Route(
      "GET /testruns/{id}/progress", "getRunProgress", "How far a run is", scope: .read,
      .blocking(TestRunController.progress),
      answers: [
        .json(
          .object([
            "run_id": .text(), "status": status, "turns_done": .count, "turns_all": .count, "elapsed_ms": .count,
          ]), "How far."), missing,
      ]),
    report(
      "GET /testruns/{id}/report", "getRunReport", TestRunController.page,
      .file(["text/html"], "A page with pictures and sound.")),
    report(
      "GET /testruns/{id}/report.json", "getRunReportJSON", TestRunController.jsonReport,
      .json(.anyObject, "As `Sources/Simulation/Report.md` describes it.")),
    report(
      "GET /testruns/{id}/junit.xml", "getRunReportJUnit", TestRunController.junitReport,
      .file(["application/xml"], "For programs.")),
  ]

  private static func report(
    _ route: String, _ id: String, _ handler: @escaping RouteHandler.Answer<TestRunController>, _ answer: APIResponse
  ) -> Route {
    Route(
      route, id, "The report of a run", scope: .read, .blocking(handler),
      answers: [
        answer, missing, .problem(409, "The run is not over yet.", .retryAfter),
        .problem(410, "The report had to make room for newer ones."),
      ])
  }

  private static let missing = APIResponse.problem(404, "No such run, or it is not kept any more.")
  private static let status = APISchema.choice(TestRun.Status.allCases.map(\.rawValue))
  private static let evaluation = APISchema.named("Evaluation").orNull
  private static let run: KeyValuePairs<String, APISchema> = [
    "run_id": .text(), "test_id": .text(), "provider": .text(), "status": status,
    "mode": .choice(TestRun.Mode.allCases.map(\.rawValue)), "created_at": .instant, "updated_at": .instant,
    "provider_call_id": .text().orNull, "evaluation": evaluation,
  ]
  private static let line = APISchema.object([
    "speaker": .choice(["user", "agent"]), "text": .text(), "step_order": .count, "timestamp": .instant,
  ])
}
