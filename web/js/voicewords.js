// Languages and engines of voices in words.

const ENGINES = { hibari: 'Neural', 'espeak-ng': 'Formant synthesis' };
const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'code' });

/** The name of a language by its tag; tags that are unknown, or private such as `chr-US-Qaaa-x-west`, stay as they are. */
export function languageWords(tag) {
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export const engineWords = (engine) => ENGINES[engine] ?? engine;
