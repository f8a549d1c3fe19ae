// Runs test cases one after the other, watches each until its verdict, and waits when the server asks for it.

import { errorText, fetchTestProgress, fetchTestRun, RequestError, startTestRun } from '../shared/api.js';
import { isOver, verdictOf } from './verdict.js';

/** More than this in one go belongs on the command line. */
export const QUEUE_MAX = 200;
/** Progress is read this often: a turn takes some tens of milliseconds in virtual time. */
const POLL_MS = 250;
/** A longer run is no longer waited for. */
const RUN_LIMIT_MS = 600_000;
/** So many polls in a row may fail before the server counts as unreachable. */
const MISSES_MAX = 3;
/** How often a start is retried after a 503, and the longest pause that its Retry-After may ask for. */
const START_TRIES_MAX = 8;
const RETRY_S = 2;
const RETRY_LIMIT_S = 30;
const UNAVAILABLE = 503;
const FORBIDDEN = 403;

export class TestRunner {
  #waiting = [];
  #current = null;
  #tally = emptyTally();
  #listener;
  /** Ends the pause before a retry. */
  #wake = () => {};

  /**
   * `listener` gets `changed({current, waiting, tally})` after every change, `finished(run)` at each verdict,
   * `failed(code, detail)` when a case was refused or the waiting ones were dropped, `overflowed(count)` when the queue was full.
   */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Enqueues `testIds`, except those that wait or run already. */
  add(testIds) {
    const wanted = testIds.filter((id) => id !== this.#current?.testId && !this.#waiting.includes(id));
    const added = wanted.slice(0, QUEUE_MAX - this.#waiting.length);
    if (added.length < wanted.length) this.#listener.overflowed(wanted.length - added.length);
    const idle = this.#current === null && this.#waiting.length === 0;
    if (idle) this.#tally = emptyTally();
    this.#waiting.push(...added);
    this.#tally.all += added.length;
    this.#changed();
    if (idle && added.length > 0) this.#work();
  }

  /** Drops the waiting cases. The running one finishes, unless it has not started. */
  stop() {
    this.#dropWaiting();
    if (this.#current && !this.#current.runId) this.#current.stopped = true;
    this.#wake();
    this.#changed();
  }

  #dropWaiting() {
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
        // A case that the key may not run says nothing about the others.
        if (problem.status !== FORBIDDEN) this.#dropWaiting();
        this.#tally.all--;
        this.#listener.failed(problemCode(problem), errorText(problem, ''));
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
    await this.#poll(started.run_id);
    const run = await fetchTestRun(started.run_id);
    this.#tally[verdictOf(run)]++;
    this.#tally.done++;
    this.#listener.finished(run);
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

  async #poll(runId) {
    let misses = 0;
    for (const begun = performance.now(); performance.now() - begun < RUN_LIMIT_MS; ) {
      try {
        const progress = await fetchTestProgress(runId);
        misses = 0;
        this.#current.progress = progress;
        this.#changed();
        if (isOver(progress)) return;
      } catch (problem) {
        if (problem instanceof RequestError || ++misses === MISSES_MAX) throw problem;
      }
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Unfinished();
  }

  #changed() {
    this.#listener.changed({ current: this.#current, waiting: this.#waiting, tally: this.#tally });
  }
}

/** The run takes longer than this page waits. */
class Unfinished extends Error {}

const emptyTally = () => ({ all: 0, done: 0, passed: 0, failed: 0, broken: 0 });

function problemCode(problem) {
  if (problem instanceof Unfinished) return 'test-unfinished';
  if (problem.status === FORBIDDEN) return 'test-forbidden';
  return problem instanceof RequestError ? 'test-refused' : 'tests-lost';
}
