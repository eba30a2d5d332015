// @ts-check
/**
 * A box with a list of suggestions below it: the editable combobox of the ARIA Authoring Practices, whose list is chosen
 * from by hand. The focus stays in the box; `aria-activedescendant` names the option that stands out.
 */

/**
 * @template Option
 * @typedef {object} Given
 * @property {HTMLInputElement} box
 * @property {HTMLElement} list empty, with an id
 * @property {string} label what the list is called
 * @property {(option: Option) => HTMLElement} render
 * @property {(option: Option) => void} onChoice
 * @property {() => void} onLeave when the down arrow has no list to go to
 */

/** @template Option */
export class Combobox {
  /** @type {Option[]} */
  #options = [];
  #active = -1;

  /** @param {Given<Option>} given */
  constructor(given) {
    this.given = given;
    const { box, list, label } = given;
    box.setAttribute("role", "combobox");
    box.setAttribute("aria-autocomplete", "list");
    box.setAttribute("aria-controls", list.id);
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", label);
    this.#setOpen(false);
    box.addEventListener("keydown", (event) => this.#pressed(event));
    box.addEventListener("blur", () => this.#setOpen(false));
    // The focus stays in the box while an option is pressed.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      if (option) {
        this.#choose([...list.children].indexOf(option));
      }
    });
  }

  /**
   * Show what can be chosen now; nothing closes the list.
   * @param {Option[]} options
   */
  offer(options) {
    const { list, render, box } = this.given;
    this.#options = options;
    list.replaceChildren(
      ...options.map((option, index) => {
        const element = render(option);
        element.id = `${list.id}-${index}`;
        element.setAttribute("role", "option");
        return element;
      }),
    );
    this.#setActive(-1);
    this.#setOpen(options.length > 0 && document.activeElement === box);
  }

  get #open() {
    return !this.given.list.hidden;
  }

  /** @param {boolean} open */
  #setOpen(open) {
    this.given.list.hidden = !open;
    this.given.box.setAttribute("aria-expanded", String(open));
    if (!open) {
      this.#setActive(-1);
    }
  }

  /** @param {number} index -1 for none */
  #setActive(index) {
    const { box, list } = this.given;
    this.#active = index;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    if (index < 0) {
      box.removeAttribute("aria-activedescendant");
    } else {
      box.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  /** @param {number} index */
  #choose(index) {
    const option = this.#options[index];
    this.offer([]);
    this.given.onChoice(option);
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) {
      return;
    }
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        this.#arrow(event.key === "ArrowDown" ? 1 : -1, event.altKey);
        break;
      case "Escape":
        if (this.#open) {
          // The box would be emptied too.
          event.preventDefault();
          this.#setOpen(false);
        }
        break;
      case "Enter":
        if (this.#open && this.#active >= 0) {
          event.preventDefault();
          this.#choose(this.#active);
        } else {
          this.#setOpen(false);
        }
        break;
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        // They move in the text, and back to it.
        this.#setActive(-1);
        break;
    }
  }

  /**
   * @param {1 | -1} step
   * @param {boolean} withAlt opens or closes the list and moves nowhere
   */
  #arrow(step, withAlt) {
    const count = this.#options.length;
    if (withAlt) {
      this.#setOpen(step > 0 && count > 0);
    } else if (count > 0) {
      const from = this.#open ? this.#active : -1;
      this.#setOpen(true);
      // Beyond the last and the first option stands the box itself.
      this.#setActive(from < 0 ? (step > 0 ? 0 : count - 1) : from + step < count ? from + step : -1);
    } else if (step > 0) {
      this.given.onLeave();
    }
  }
}
