// @ts-check
/** lunr.js as a module of its own, fetched when it is needed. */

export { default } from "lunr";
