// @ts-check
/**
 * The files of a release that questions need. Engines stay synchronous: they take what is there; what is not is noted,
 * `fetch` brings it, and the question is asked again. So an answer never depends on what was fetched before it.
 */

/**
 * @typedef {object} Held
 * @property {any} content null where the file could not be read
 */

export class Store {
  /** @type {Map<string, Held>} */
  #held = new Map();
  /** @type {Map<string, (content: any) => any>} what to make of each file that is wanted */
  #wanted = new Map();
  /** @type {Map<string, Promise<void>>} */
  #arriving = new Map();

  /** Whether the question at hand took a file that could not be read. */
  failed = false;

  /** @param {(name: string) => Promise<any>} read */
  constructor(read) {
    this.read = read;
  }

  /** Whether something was asked for that is not there yet. */
  get wants() {
    return this.#wanted.size > 0;
  }

  /**
   * @template T
   * @param {string} name
   * @param {(content: any) => T} decode
   * @returns {T | null | undefined} undefined where the file has to be fetched first, null where it cannot be read
   */
  take(name, decode) {
    const held = this.#held.get(name);
    if (held) {
      this.failed ||= held.content === null;
      return held.content;
    }
    this.#wanted.set(name, decode);
    return undefined;
  }

  /** Begin a question: nothing is wanted yet, and nothing failed. */
  begin() {
    this.#wanted.clear();
    this.failed = false;
  }

  /** Try once more, when it is asked for again, what could not be read. */
  retry() {
    for (const [name, { content }] of this.#held) {
      if (content === null) {
        this.#held.delete(name);
        this.#arriving.delete(name);
      }
    }
  }

  /**
   * Bring what is wanted. Faults are told on the console; to the asker the file is one that cannot be read.
   * @returns {Promise<void>}
   */
  async fetch() {
    const wanted = [...this.#wanted];
    this.#wanted.clear();
    await Promise.all(wanted.map(([name, decode]) => this.#bring(name, decode)));
  }

  /**
   * @param {string} name
   * @param {(content: any) => any} decode
   * @returns {Promise<void>}
   */
  #bring(name, decode) {
    let arriving = this.#arriving.get(name);
    if (!arriving) {
      arriving = (async () => {
        try {
          this.#held.set(name, { content: decode(await this.read(name)) });
        } catch (fault) {
          this.#held.set(name, { content: null });
          console.error(fault);
        }
      })();
      this.#arriving.set(name, arriving);
    }
    return arriving;
  }
}
