// What the pages say: a title and a text for each problem, and why calls end.

/** Title and text of each problem; `act` names what the notice's button does. */
const PROBLEMS = {
  'microphone-refused': {
    title: 'The microphone is blocked',
    text: 'Your browser does not let this page listen. Allow the microphone in the address bar and call again, or call without it and type.',
    act: 'type',
  },
  'microphone-absent': {
    title: 'No microphone was found',
    text: 'Connect a microphone and call again, or call without one: you type, the agent speaks.',
    act: 'type',
  },
  'microphone-busy': {
    title: 'The microphone could not be opened',
    text: 'Another program may be using it. Close that program and call again, or call without a microphone.',
    act: 'type',
  },
  'microphone-lost': {
    title: 'The microphone was disconnected',
    text: 'It was unplugged or switched off. The call continues: type your answers, or hang up and call again.',
  },
  'insecure-page': {
    title: 'No sound on this address',
    text: 'Browsers allow microphone and call audio only over https, or on this machine as http://127.0.0.1. Open the page there to speak; here you can still hold the call by typing.',
    act: 'type',
  },
  'no-audio-output': {
    title: 'This browser has no sound output',
    text: 'No audio device answered. The call continues as text: read what the agent says and type your answers.',
  },
  'codec-failed': {
    title: 'The audio of this call stopped',
    text: 'The browser’s audio codec failed. You can continue by typing, or hang up and call again.',
  },
  'server-gone': {
    title: 'The connection to the server was lost during the call',
    text: 'The call is lost. Check that VoiceForge is still running; this page reconnects by itself and says when you can call again.',
  },
  'server-silent': {
    title: 'The server does not answer',
    text: 'The call is still open, but the server or the network is not responding. Wait a moment, or hang up and call again.',
  },
  'server-full': {
    title: 'The server cannot take another call now',
    text: '',
    act: 'again',
  },
  'server-loading': {
    title: 'The server is not ready',
    text: 'Its speech engines are not loaded. You can call as soon as they are.',
  },
  'server-unreachable': {
    title: 'The server does not answer',
    text: 'Start it with “voiceforge serve” or check the network. This page keeps trying.',
  },
  'call-refused': {
    title: 'The server refused the call',
    text: 'It closed the connection before the call began.',
    act: 'again',
  },
  'audio-failed': {
    title: 'The sound of this call could not be opened',
    text: 'Reload the page and call again, or call without a microphone.',
  },
  'tests-lost': {
    title: 'The connection to the server was lost during the test',
    text: 'The running test is lost and the waiting tests were not started. This page reconnects by itself and says when you can run tests again.',
  },
  'test-refused': {
    title: 'The server did not run the test',
    text: 'The waiting tests were not started.',
  },
  'test-forbidden': {
    title: 'The key may not run the test',
    text: 'The waiting tests go on.',
  },
  'test-unfinished': {
    title: 'The test does not end',
    text: 'This page no longer waits for it. Its verdict appears among the runs when it comes.',
  },
  'tests-unreadable': {
    title: 'The tests could not be read',
    text: '',
    act: 'again',
  },
  'too-many-tests': { title: 'Not all tests were started', text: '' },
  'load-refused': { title: 'The load test was not started', text: '' },
  'load-gone': {
    title: 'The connection to the server was lost during the load test',
    text: 'The figures are the last ones received. This page keeps trying.',
  },
  'load-lost': {
    title: 'This run is lost',
    text: 'The server has been restarted; it keeps its runs in memory.',
  },
  'load-unreadable': {
    title: 'The load tests could not be read',
    text: '',
    act: 'again',
  },
  'keys-unreadable': {
    title: 'The request failed',
    text: '',
    act: 'again',
  },
  'flows-refused': {
    title: 'The request failed',
    text: '',
  },
  'usage-unreadable': {
    title: 'The usage could not be read',
    text: '',
    act: 'again',
  },
  'call-error': { title: 'The server reports a problem.', text: '' },
  'call-ended-early': { title: 'The call ended early.', text: '' },
};

export const problemMessage = (code) => PROBLEMS[code];

const REASONS = {
  completed: 'The call is complete.',
  'caller-hung-up': 'You hung up.',
  'caller-vanished': 'The connection to you was lost.',
  'no-input': 'The agent ended the call: no speech was detected.',
  'no-match': 'The agent ended the call: it could not understand the answers.',
  transferred: 'The call was transferred.',
  'engine-failed': 'A speech engine failed. “voiceforge doctor” says what is wrong.',
  'time-limit': 'The call reached the longest time allowed.',
  'protocol-error': 'Page and server did not understand each other. Reload the page.',
  'server-shutdown': 'The server was shut down.',
  refused: 'The server refused the call.',
};
/** Ends that are not a failure need no warning colour. */
const GOOD_REASONS = new Set(['completed', 'caller-hung-up', 'transferred']);

export const reasonText = (reason) => REASONS[reason] ?? reason ?? '';
export const endedWell = (reason) => GOOD_REASONS.has(reason);
