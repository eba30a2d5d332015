// @ts-check
/** How much of a list is read. */

/** Characters of a text: about five hundred pages. */
export const MOST_CHARACTERS = 1_000_000;
/** Bytes of a file. */
export const MOST_BYTES = 50_000_000;
