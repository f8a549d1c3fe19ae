// Somebody else was faster: says so over the text, which stays as it is until the person has chosen.

import { byId, element } from './dom.js';

/** `ways` are `{label, act, stays}`; the notice goes before `act`, unless it `stays`. `failed` gets what `act` throws. */
export function showConflict(title, text, ways, failed) {
  const box = byId('conflict');
  const take = async ({ act, stays }) => {
    box.hidden = !stays;
    try {
      await act();
    } catch (problem) {
      failed(problem);
    }
    if (box.hidden && document.activeElement === document.body) byId('text').focus();
  };
  const buttons = ways.map((way) => element('button', { type: 'button', class: 'small', click: () => take(way) }, way.label));
  box.replaceChildren(element('p', {}, element('strong', {}, title), ` ${text}`), element('div', { class: 'notice-buttons' }, ...buttons));
  box.hidden = false;
  box.focus();
}

export const hideConflict = () => {
  byId('conflict').hidden = true;
};
