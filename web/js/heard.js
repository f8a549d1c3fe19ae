// Splits an interrupted sentence into what the caller heard and what was cut off.

/** `heardText` is the server's count of words as text; the words themselves come from `text`, with its spelling. */
export function splitHeard(text, heardText) {
  const heardWords = (heardText ?? '').split(/\s+/).filter(Boolean).length;
  const pieces = text.split(/(?<=\s)(?=\S)/);
  return {
    heard: pieces.slice(0, heardWords).join('').trimEnd(),
    unheard: pieces.slice(heardWords).join(''),
  };
}
