// Runs test cases one after the other, watches each until its verdict, and waits when the server asks for it.

import { fetchTestProgress, fetchTestRun, Refusal, startTestRun } from './api.js';
import { isOver, verdictOf } from './verdict.js';

/** More than this in one go belongs on the command line. */
export const QUEUE_MAX = 200;
/** A turn takes some tens of milliseconds in virtual time: often enough to see it move. */
const LOOK_MS = 250;
/** A run that takes longer is left to itself. */
const RUN_LIMIT_MS = 600_000;
/** So many looks in a row may go unanswered before the server counts as gone. */
const MISSES_MAX = 3;
/** A server that says 503 is asked again, this often, each time after what its Retry-After says but at most the limit. */
const START_TRIES_MAX = 8;
const RETRY_S = 2;
const RETRY_LIMIT_S = 30;
const UNAVAILABLE = 503;

export class Runner {
  #waiting = [];
  #current = null;
  #tally = emptyTally();
  #says;
  /** Ends the pause before a retry. */
  #wake = () => {};

  /**
   * `says` is told what happens: `changed({current, waiting, tally})` after every change, `finished(run)` at each verdict,
   * `failed(code, detail)` when the waiting ones were given up, `overflowed(count)` when some were not taken.
   */
  constructor(says) {
    this.#says = says;
  }

  /** Lets `testIds` wait for their turn; those that wait or run already are not taken twice. */
  add(testIds) {
    const wanted = testIds.filter((id) => id !== this.#current?.testId && !this.#waiting.includes(id));
    const taken = wanted.slice(0, QUEUE_MAX - this.#waiting.length);
    if (taken.length < wanted.length) this.#says.overflowed(wanted.length - taken.length);
    const idle = this.#current === null && this.#waiting.length === 0;
    if (idle) this.#tally = emptyTally();
    this.#waiting.push(...taken);
    this.#tally.all += taken.length;
    this.#changed();
    if (idle && taken.length > 0) this.#work();
  }

  /** Gives up the waiting ones. The running one goes on to its verdict, unless it has not begun. */
  stop() {
    this.#giveUpWaiting();
    if (this.#current && !this.#current.runId) this.#current.stopped = true;
    this.#wake();
    this.#changed();
  }

  #giveUpWaiting() {
    this.#tally.all -= this.#waiting.length;
    this.#waiting = [];
  }

  async #work() {
    while (this.#waiting.length > 0) {
      this.#current = { testId: this.#waiting.shift(), runId: null, stopped: false, resumesAt: null };
      this.#changed();
      try {
        await this.#runCurrent();
      } catch (problem) {
        this.#giveUpWaiting();
        this.#tally.all--;
        this.#says.failed(problemCode(problem), problem instanceof Refusal ? problem.message : '');
      }
    }
    this.#current = null;
    this.#changed();
  }

  async #runCurrent() {
    const started = await this.#start();
    if (!started) return void this.#tally.all--;
    Object.assign(this.#current, { runId: started.run_id, resumesAt: null });
    this.#changed();
    await this.#watch(started.run_id);
    const run = await fetchTestRun(started.run_id);
    this.#tally[verdictOf(run)]++;
    this.#tally.done++;
    this.#says.finished(run);
  }

  /** The run begun, or null when it was stopped before. */
  async #start() {
    for (let attempt = 1; !this.#current.stopped; attempt++) {
      try {
        return await startTestRun(this.#current.testId);
      } catch (problem) {
        if (problem.status !== UNAVAILABLE || attempt === START_TRIES_MAX) throw problem;
        await this.#pause(Math.min(problem.seconds ?? RETRY_S, RETRY_LIMIT_S), problem.message);
      }
    }
    return null;
  }

  async #pause(seconds, why) {
    Object.assign(this.#current, { resumesAt: Date.now() + seconds * 1000, why });
    this.#changed();
    await new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, seconds * 1000);
    });
  }

  async #watch(runId) {
    let misses = 0;
    for (const begun = performance.now(); performance.now() - begun < RUN_LIMIT_MS; ) {
      try {
        const progress = await fetchTestProgress(runId);
        misses = 0;
        this.#current.progress = progress;
        this.#changed();
        if (isOver(progress)) return;
      } catch (problem) {
        if (problem instanceof Refusal || ++misses === MISSES_MAX) throw problem;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new Unfinished();
  }

  #changed() {
    this.#says.changed({ current: this.#current, waiting: this.#waiting, tally: this.#tally });
  }
}

/** The run takes longer than this page waits. */
class Unfinished extends Error {}

const emptyTally = () => ({ all: 0, done: 0, passed: 0, failed: 0, broken: 0 });

function problemCode(problem) {
  if (problem instanceof Unfinished) return 'test-unfinished';
  return problem instanceof Refusal ? 'test-refused' : 'tests-lost';
}
