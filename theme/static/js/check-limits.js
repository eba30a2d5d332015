// @ts-check
/** How much of a list is read. */

/** Characters of a text: about a thousand pages. */
export const MOST_CHARACTERS = 2_000_000;
/** Bytes of a file. */
export const MOST_BYTES = 50_000_000;
