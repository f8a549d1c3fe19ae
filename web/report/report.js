// What the report of simulated calls does: filter, listen with a cursor in the picture, go to a moment, copy a command. All that is to be
// read is there without it.

'use strict';
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const cases = all('.case').map((root) => callOf(root));

/** A call on the page: its picture, its sound and the moment that both show. */
function callOf(root) {
  const film = root.querySelector('.film');
  const picture = film.querySelector('svg');
  const call = {
    root, film, picture,
    audio: root.querySelector('audio'),
    cursor: root.querySelector('.cursor'),
    clock: root.querySelector('.now'),
    entries: all('.entry[data-at]', root),
    duration: Number(film.dataset.ms),
    width: Number(picture.dataset.width),
    now: 0,
  };
  film.addEventListener('click', (event) => {
    const box = picture.getBoundingClientRect();
    seek(call, ((event.clientX - box.left) / box.width) * call.duration);
  });
  film.addEventListener('keydown', (event) => press(call, event));
  for (const button of all('[data-zoom]', root)) button.addEventListener('click', () => zoom(call, button.dataset.zoom));
  // Sound is only taken up where somebody looks.
  const wake = () => { if (call.audio && root.open) call.audio.preload = 'metadata'; };
  root.addEventListener('toggle', wake);
  wake();
  call.audio?.addEventListener('timeupdate', () => show(call, call.audio.currentTime * 1000, true));
  call.audio?.addEventListener('play', () => follow(call));
  call.audio?.addEventListener('play', () => silenceOthers(call));
  return call;
}

/** One step of an arrow key. */
const STEP_MS = 500;

function press(call, event) {
  const moves = { ArrowLeft: call.now - STEP_MS, ArrowRight: call.now + STEP_MS, Home: 0, End: call.duration };
  if (event.key in moves) seek(call, moves[event.key]);
  else if (event.key === ' ' && call.audio) toggle(call.audio);
  else return;
  event.preventDefault();
}

function toggle(audio) {
  if (audio.paused) audio.play();
  else audio.pause();
}

function seek(call, milliseconds) {
  if (call.audio) call.audio.currentTime = Math.max(0, Math.min(call.duration, milliseconds)) / 1000;
  show(call, milliseconds, true);
}

function show(call, milliseconds, keepsInSight) {
  call.now = Math.max(0, Math.min(call.duration, milliseconds));
  const place = `${(100 * call.now) / call.duration}%`;
  call.cursor.setAttribute('x1', place);
  call.cursor.setAttribute('x2', place);
  call.clock.textContent = clockText(call.now);
  call.film.setAttribute('aria-valuenow', Math.round(call.now));
  call.film.setAttribute('aria-valuetext', clockText(call.now));
  const current = call.entries.findLast((entry) => Number(entry.dataset.at) <= call.now && call.now > 0);
  for (const entry of call.entries) entry.dataset.now = entry === current;
  if (keepsInSight) bringIntoSight(call);
}

function bringIntoSight(call) {
  const x = (call.picture.getBoundingClientRect().width * call.now) / call.duration;
  const { scrollLeft, clientWidth } = call.film;
  if (x < scrollLeft + 20 || x > scrollLeft + clientWidth - 20) call.film.scrollLeft = x - clientWidth / 3;
}

function follow(call) {
  if (call.audio.paused) return;
  show(call, call.audio.currentTime * 1000, true);
  requestAnimationFrame(() => follow(call));
}

function silenceOthers(call) {
  for (const other of cases) if (other !== call) other.audio?.pause();
}

function zoom(call, way) {
  const shown = call.picture.getBoundingClientRect().width;
  const width = { in: shown * 1.6, out: shown / 1.6, all: 0 }[way];
  call.picture.setAttribute('width', Math.round(Math.min(width, call.duration)));
  bringIntoSight(call);
}

/** 62345 → `1:02.345`. */
function clockText(milliseconds) {
  const whole = Math.floor(milliseconds);
  const seconds = String(Math.floor(whole / 1000) % 60).padStart(2, '0');
  return `${Math.floor(whole / 60000)}:${seconds}.${String(whole % 1000).padStart(3, '0')}`;
}

// Moments
document.addEventListener('click', (event) => {
  const link = event.target.closest('a[data-at]');
  const call = link && cases.find(({ root }) => root.contains(link));
  if (!call) return;
  event.preventDefault();
  seek(call, Number(link.dataset.at));
  call.film.scrollIntoView({ block: 'center' });
  call.film.focus({ preventScroll: true });
});

// Links into the page
function openTarget() {
  const target = cases.find(({ root }) => `#${root.id}` === location.hash);
  if (!target) return;
  target.root.open = true;
  target.root.scrollIntoView();
}
addEventListener('hashchange', openTarget);
openTarget();

// Filter
const search = document.getElementById('search');
const shown = document.getElementById('shown');
const none = document.getElementById('none');
const choices = all('[data-show]');
let verdict = 'all';

function filter() {
  const wanted = search.value.trim().toLowerCase();
  let count = 0;
  for (const call of cases) {
    call.text ??= call.root.textContent.toLowerCase();
    const fits = (verdict === 'all' || call.root.dataset.verdict === verdict) && call.text.includes(wanted);
    call.root.hidden = !fits;
    count += fits ? 1 : 0;
  }
  shown.textContent = count === cases.length ? `${count} call${count === 1 ? '' : 's'}` : `${count} of ${cases.length} calls`;
  none.hidden = count > 0;
}

search?.addEventListener('input', filter);
for (const choice of choices) {
  choice.addEventListener('click', () => {
    verdict = choice.dataset.show;
    for (const other of choices) other.setAttribute('aria-pressed', other === choice);
    filter();
  });
}

// Commands
for (const button of all('[data-copy]')) {
  button.addEventListener('click', async () => {
    const command = button.parentElement.querySelector('code');
    let words = 'Copied';
    try {
      await navigator.clipboard.writeText(command.textContent);
    } catch {
      // The browser keeps the clipboard to itself: the reader copies what is marked.
      getSelection().selectAllChildren(command);
      words = 'Press Ctrl+C';
    }
    button.textContent = words;
    document.getElementById('said').textContent = words;
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}
