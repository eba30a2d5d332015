// @ts-check
import { languageOf, pageWords } from "./page-words.js";

const CONFIRMED_FOR = 2000;

/**
 * Put a button behind an element that copies its `data-copy`, else its text: a number as printed, an address whole.
 * @param {HTMLElement} element
 */
export async function startCopy(element) {
  if (!navigator.clipboard) {
    return;
  }
  const words = await pageWords(languageOf(element));
  if (!words.copy || !words.copied) {
    return;
  }
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy-button";
  button.textContent = words.copy;
  const answer = document.createElement("span");
  answer.className = "visually-hidden";
  answer.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(element.dataset.copy ?? element.textContent ?? "");
    button.textContent = words.copied;
    answer.textContent = words.copied;
    setTimeout(() => {
      button.textContent = words.copy;
      answer.textContent = "";
    }, CONFIRMED_FOR);
  });
  element.after(button, answer);
}
